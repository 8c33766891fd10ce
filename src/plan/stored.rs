//! Diagrams as they are stored: node by node, and believed only when they are sound and canonical.

use std::collections::BTreeSet;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde::{Deserialize, Deserializer, de};

use super::Diagram;
use super::diagram::{Edge, Node};
use super::flat::Flat;

impl<A: Serialize> Serialize for Diagram<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (nodes, root) = self.flat.unpack();
        let mut stored = serializer.serialize_struct("Diagram", 3)?;
        stored.serialize_field("nodes", &nodes)?;
        stored.serialize_field("answers", &self.answers)?;
        stored.serialize_field("root", &root)?;
        stored.end()
    }
}

impl<'de, A: Deserialize<'de> + PartialEq> Deserialize<'de> for Diagram<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Diagram<A>, D::Error> {
        let stored = Stored::<A>::deserialize(deserializer)?;
        stored
            .sound()
            .and_then(|()| stored.canonical())
            .map_err(de::Error::custom)?;
        let flat = Flat::pack(&stored.nodes, stored.answers.len(), stored.root)
            .ok_or_else(|| de::Error::custom("a stored diagram is too large"))?;
        Ok(Diagram {
            flat,
            answers: stored.answers,
        })
    }
}

/// A diagram as it was stored, not yet believed.
#[derive(Deserialize)]
#[serde(rename = "Diagram")]
struct Stored<A> {
    nodes: Vec<Node>,
    answers: Vec<A>,
    root: Edge,
}

impl<A: PartialEq> Stored<A> {
    /// Every edge leads somewhere, and never back.
    fn sound(&self) -> Result<(), String> {
        let leads = |edge: Edge, above: Option<u32>| match edge {
            Edge::Answer(at) => (at as usize) < self.answers.len(),
            // Facts rise along every way, so no way comes round again.
            Edge::Node(at) => self
                .nodes
                .get(at as usize)
                .is_some_and(|node| above.is_none_or(|above| above < node.fact)),
        };
        if !leads(self.root, None) {
            return Err("a stored diagram has no root".into());
        }
        for (at, node) in self.nodes.iter().enumerate() {
            let bad = |what: &str| {
                Err(format!(
                    "a stored diagram is damaged at node `{at}`: {what}"
                ))
            };
            if node.cuts.is_empty() || node.edges.len() != node.cuts.len() + 1 {
                return bad("a node has one edge more than cuts, and at least one cut");
            }
            if !node.cuts.is_sorted_by(|a, b| a < b) {
                return bad("its cuts do not rise");
            }
            if node.cuts.first() == Some(&i64::MIN) {
                return bad("nothing lies below its first cut");
            }
            if !node.edges.iter().all(|edge| leads(*edge, Some(node.fact))) {
                return bad("an edge leads nowhere, or back to a fact already tested");
            }
        }
        Ok(())
    }

    /// It is the one diagram of its rule: no useless test, nothing twice, everything numbered as a walk from the root meets it.
    fn canonical(&self) -> Result<(), String> {
        let not = |why: &str| Err(format!("a stored diagram is not canonical: {why}"));
        let mut known = BTreeSet::new();
        for node in &self.nodes {
            if node.edges.windows(2).any(|two| two.first() == two.last()) {
                return not("a cut divides what is not different");
            }
            if !known.insert(node) {
                return not("two nodes are alike");
            }
        }
        for (at, answer) in self.answers.iter().enumerate() {
            if self.answers.iter().take(at).any(|known| known == answer) {
                return not("two answers are alike");
            }
        }
        let (mut nodes, mut answers) = (0, 0);
        let mut ahead = vec![self.root];
        while let Some(edge) = ahead.pop() {
            let (at, met) = match edge {
                Edge::Answer(at) => (at as usize, &mut answers),
                Edge::Node(at) => (at as usize, &mut nodes),
            };
            if at > *met {
                return not("its parts are not in the order of a walk from the root");
            }
            if at < *met {
                continue;
            }
            *met += 1;
            if let (Edge::Node(_), Some(node)) = (edge, self.nodes.get(at)) {
                ahead.extend(node.edges.iter().rev());
            }
        }
        if (nodes, answers) != (self.nodes.len(), self.answers.len()) {
            return not("some of it is never met");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Diagram<bool>, String> {
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    fn node(fact: u32, cuts: &str, edges: &str) -> String {
        format!(r#"{{"fact":{fact},"cuts":{cuts},"edges":{edges}}}"#)
    }

    fn whole(nodes: &str) -> String {
        format!(r#"{{"nodes":[{nodes}],"answers":[true,false],"root":{{"node":0}}}}"#)
    }

    fn error(nodes: &str) -> String {
        read(&whole(nodes)).unwrap_err()
    }

    #[test]
    fn a_stored_diagram_is_checked_before_it_is_walked() {
        let fine = node(0, "[1]", r#"[{"answer":0},{"answer":1}]"#);
        assert!(read(&whole(&fine)).is_ok());
        assert!(error("").contains("no root"));
        assert!(error(&node(0, "[1]", r#"[{"answer":0}]"#)).contains("one edge more"));
        assert!(error(&node(0, "[]", r#"[{"answer":0}]"#)).contains("at least one cut"));
        for cuts in ["[2,1]", "[1,1]"] {
            let three = r#"[{"answer":0},{"answer":1},{"answer":0}]"#;
            assert!(error(&node(0, cuts, three)).contains("do not rise"));
        }
        assert!(error(&node(0, "[1]", r#"[{"answer":0},{"answer":2}]"#)).contains("leads nowhere"));
        assert!(error(&node(0, "[1]", r#"[{"answer":0},{"node":7}]"#)).contains("leads nowhere"));
        assert!(error(&node(0, "[1]", r#"[{"answer":0},{"node":0}]"#)).contains("already tested"));
        let round = [
            node(1, "[1]", r#"[{"answer":0},{"node":1}]"#),
            node(0, "[1]", r#"[{"answer":0},{"node":0}]"#),
        ];
        assert!(error(&round.join(",")).contains("already tested"));
    }

    /// Whatever is read is the one diagram of its rule; any other would be a second form of the same thing.
    #[test]
    fn a_stored_diagram_has_one_form() {
        let both = r#"[{"answer":0},{"answer":1}]"#;
        let useless = node(0, "[1,2]", r#"[{"answer":0},{"answer":1},{"answer":1}]"#);
        assert!(error(&useless).contains("not different"));
        let twins = [
            node(0, "[1,2]", r#"[{"node":1},{"answer":0},{"node":2}]"#),
            node(1, "[1]", both),
            node(1, "[1]", both),
        ];
        assert!(error(&twins.join(",")).contains("two nodes are alike"));
        let turned = node(0, "[1]", r#"[{"answer":1},{"answer":0}]"#);
        assert!(error(&turned).contains("in the order"));
        let lonely = [node(0, "[1]", both), node(1, "[1]", both)];
        assert!(error(&lonely.join(",")).contains("never met"));
        let same = whole(&node(0, "[1]", both)).replace("[true,false]", "[true,true]");
        assert!(read(&same).unwrap_err().contains("two answers are alike"));
    }
}
