//! The chart as Mermaid.

use super::Flow;

impl Flow {
    /// As a Mermaid state diagram. The only words in it that are the pack's own are its title, in quotation marks.
    pub fn mermaid(&self) -> String {
        // What JSON puts in quotation marks YAML reads as the same text.
        let title = serde_json::Value::from(self.title.as_str());
        let mut text = format!("---\ntitle: {title}\n---\nstateDiagram-v2\n");
        for (stage, called) in &self.stages {
            text += &format!("    state \"{called}\" as {stage}\n");
        }
        for it in &self.moves {
            let from = it.from.map_or("[*]", |stage| stage.name());
            text += &format!("    {from} --> {}: {}\n", it.to, it.label);
        }
        text
    }
}
