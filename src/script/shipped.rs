//! The packs that come with the library, as source: what an office starts from.

use super::Options;

macro_rules! packs {
    ($(#[$names:meta])* $count:literal; $(#[$source:meta])* $($name:literal,)+) => {
        $(#[$names])*
        pub const SHIPPED: [&str; $count] = [$($name),+];

        $(#[$source])*
        pub fn shipped(name: &str) -> Option<&'static str> {
            Some(match name {
                $($name => include_str!(concat!("../../rules/", $name, "/pack.rhai")),)+
                _ => return None,
            })
        }
    };
}

packs! {
    /// The names of the packs that come with the library: folders of `rules`.
    ///
    /// | pack | what | over |
    /// |---|---|---|
    /// | `hainan-board` | 领导留言板 of a prefecture | |
    /// | `hainan-board-guide-county` | a county's, with a township | `hainan-board` |
    /// | `hotline-12345` | 12345 热线, the frame for a city or a province | |
    /// | `hotline-12345-shandong` | the limits of Shandong | `hotline-12345` |
    /// | `hotline-12345-same-day` | the same day, else 3 or 13 working days | `hotline-12345` |
    /// | `petition` | 信访: the Regulations on the Work of Petitions, three levels | |
    /// | `disclosure` | 政府信息公开: requests under the Regulations on Open Government Information | |
    /// | `poverty-watch` | 防返贫动态监测: warnings of a household's return to poverty | |
    /// | `newborn` | 新生儿出生一件事: one form, and its parts at several counters | |
    /// | `uk-foi` | requests under the Freedom of Information Act 2000 | |
    /// | `uk-housing-complaint` | complaints under the Housing Ombudsman's Code of 2024, two stages | |
    /// | `us-foia` | requests under 5 U.S.C. 552 | |
    /// | `kr-minwon` | 민원 in Korea | |
    ///
    /// ```
    /// use duly::script::{Options, SHIPPED, load_with, shipped};
    /// for name in SHIPPED {
    ///     let plan = load_with(name, shipped(name).unwrap(), &Options::default().with_shipped())?;
    ///     assert_eq!(plan.pack.as_str(), name);
    /// }
    /// # Ok::<(), duly::script::Findings>(())
    /// ```
    13;
    /// The source of a pack of that name that comes with the library; none, if there is no such pack. Those that lie over another
    /// are loaded [`with_shipped`](Options::with_shipped).
    ///
    /// ```
    /// use duly::script::{hainan_board, shipped};
    /// assert_eq!(shipped("hainan-board"), Some(hainan_board()));
    /// assert_eq!(shipped("hainan"), None);
    /// ```
    "hainan-board",
    "hainan-board-guide-county",
    "hotline-12345",
    "hotline-12345-shandong",
    "hotline-12345-same-day",
    "petition",
    "disclosure",
    "poverty-watch",
    "newborn",
    "uk-foi",
    "uk-housing-complaint",
    "us-foia",
    "kr-minwon",
}

impl Options {
    /// Base packs are those that come with the library: [`SHIPPED`].
    ///
    /// ```
    /// use duly::script::{Options, load_with};
    /// let county = r#"pack("county"); based_on("hotline-12345", #{ "咨询期限": 2 });
    ///     place("632523", "贵德县", "贵德12345热线受理岗");"#;
    /// assert!(load_with("county.rhai", county, &Options::default().with_shipped()).is_ok());
    /// ```
    pub fn with_shipped(self) -> Options {
        self.with_bases(|name| Some((format!("{name}/pack.rhai"), shipped(name)?.to_owned())))
    }
}

/// The project's own pack for a prefecture's message board, as source: `rules/hainan-board/pack.rhai`.
///
/// ```
/// let plan = duly::script::load("pack.rhai", duly::script::hainan_board())?;
/// assert_eq!(plan.pack.as_str(), "hainan-board");
/// # Ok::<(), duly::script::Findings>(())
/// ```
pub const fn hainan_board() -> &'static str {
    include_str!("../../rules/hainan-board/pack.rhai")
}
