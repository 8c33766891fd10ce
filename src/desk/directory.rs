//! The directory (通讯录): who holds a post today.
//!
//! A pack names posts, and an effect names the post that is to be told. People change posts, so the host is asked who holds it when the
//! effect goes out, and not when it came about. [`address`] puts the questions, in one order:
//!
//! 1. the person that the case names, unless they are absent (away, or gone for good);
//! 2. whoever acts for them (代理);
//! 3. whoever holds the post, in that place and unit; for each who is absent, whoever acts for them;
//! 4. the head of the unit, who answers for it (单位主要负责人);
//! 5. the supervision office of the place (督查办), whose work it is that nothing lies about.
//!
//! The first that gives anybody holds, and the answer says which it was, so that a head who is told in place of an owner knows why. Where
//! nobody is left it says so ([`Found::Nobody`]): such a delivery has nobody to go to, is never dropped in silence, and stays in the outbox until
//! somebody holds a post.
//!
//! A directory may be down. It says so by an error, and the effect stays in the outbox.

use serde::{Deserialize, Serialize};

use crate::time::Moment;
use crate::words::{Addressee, Lang, PersonId, PlaceCode, Role, UnitId};

/// Who holds which post, as the host knows it. It is asked for one moment at a time, mostly the present one.
pub trait Directory {
    /// Those who hold a post in a place, of a unit where one is named. Whom the addressee names in person does not matter here. Where
    /// nobody holds it in that place, those who hold it in the nearest place above: a prefecture's supervision office answers for
    /// a county without one. Nobody is an answer, and no error.
    ///
    /// # Errors
    /// [`DirectoryError`], where the directory cannot be asked now.
    fn holders(&self, post: &Addressee, at: Moment) -> Result<Vec<PersonId>, DirectoryError>;

    /// Whether a person can be told something.
    ///
    /// # Errors
    /// [`DirectoryError`], where the directory cannot be asked now.
    fn presence(&self, person: &PersonId, at: Moment) -> Result<Presence, DirectoryError>;
}

/// Whether a person can be told something (在岗).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// 在岗: here, or not known to be elsewhere.
    Here,
    /// 不在岗: away, or gone to another post.
    Absent {
        /// Those who act for them (代理).
        acting: Vec<PersonId>,
    },
}

/// A directory could not be asked. What was to be addressed stays in the outbox.
///
/// ```
/// use duly::desk::DirectoryError;
/// let error = DirectoryError::new("no route to host");
/// assert_eq!(error.to_string(), "the directory of posts cannot be asked now: no route to host; what is addressed to a post stays in the outbox, try again later");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the directory of posts cannot be asked now: {why}; what is addressed to a post stays in the outbox, try again later"
)]
pub struct DirectoryError {
    why: String,
}

impl DirectoryError {
    /// With what the directory itself says about it.
    pub fn new(why: impl Into<String>) -> DirectoryError {
        DirectoryError { why: why.into() }
    }
    /// The same in Chinese.
    ///
    /// ```
    /// let error = duly::desk::DirectoryError::new("no route to host");
    /// assert_eq!(error.zh(), "暂时查不到谁任此职:no route to host;发给岗位的通知留在待发箱里,请稍后再试");
    /// ```
    pub fn zh(&self) -> String {
        format!(
            "暂时查不到谁任此职:{};发给岗位的通知留在待发箱里,请稍后再试",
            self.why
        )
    }
}

/// A person who is told, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Who.
    pub person: PersonId,
    /// For whom they act (代理).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<PersonId>,
}

/// By what somebody was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Found {
    /// 点名: the case names the person, who is here, or somebody acts for them.
    Named,
    /// 任职: they hold the post.
    Post,
    /// 代收: nobody holds the post; another post is told in its place.
    Instead {
        /// Which.
        post: Addressee,
    },
    /// 无人: nobody holds the post, nor any that would be told in its place.
    Nobody,
}

/// An addressee, with the people that it is today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressed {
    /// Whom the effect names.
    pub post: Addressee,
    /// The people, each once, in the directory's order; nobody, where [`found`](Addressed::found) is [`Found::Nobody`].
    pub people: Vec<Recipient>,
    /// By what they were found.
    pub found: Found,
    /// Those who would have been told, and are absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<PersonId>,
}

/// The people that an addressee is at a moment, in the order that the [module](self) tells.
///
/// ```
/// use duly::desk::{Found, PostTable, address};
/// use duly::words::Addressee;
/// let table: PostTable = serde_json::from_str(r#"{
///     "held": [
///         {"post": "unit_head", "place": "632521", "unit": "共和县住建局", "person": "lizhang"},
///         {"post": "supervisor", "place": "6325", "person": "duchazhang"}
///     ],
///     "absent": [{"person": "wanggang", "from": "2026-03-01T00:00:00+08:00", "acting": ["zhaomin"]}]
/// }"#)?;
/// let owner: Addressee = serde_json::from_str(r#"{"post": "owner", "role": "owner", "place": "632521",
///     "unit": "共和县住建局", "person": "wanggang"}"#)?;
///
/// let before = address(&owner, &table, "2026-02-27T09:00:00+08:00".parse()?)?;
/// assert_eq!(before.people[0].person.as_str(), "wanggang");
/// // On leave: whoever acts for them.
/// let then = address(&owner, &table, "2026-03-02T09:00:00+08:00".parse()?)?;
/// assert_eq!(then.people[0].person.as_str(), "zhaomin");
/// assert_eq!(then.people[0].acting_for, owner.person);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DirectoryError`], where the directory could not answer one of the questions: a fallback is not taken because of that.
pub fn address(
    post: &Addressee,
    directory: &(impl Directory + ?Sized),
    at: Moment,
) -> Result<Addressed, DirectoryError> {
    let mut asked = Asked {
        directory,
        at,
        absent: Vec::new(),
    };
    let found = asked.find(post)?;
    let (people, found) = found.unwrap_or((Vec::new(), Found::Nobody));
    Ok(Addressed {
        post: post.clone(),
        people,
        found,
        absent: asked.absent,
    })
}

struct Asked<'a, D: Directory + ?Sized> {
    directory: &'a D,
    at: Moment,
    absent: Vec<PersonId>,
}

type People = Option<(Vec<Recipient>, Found)>;

impl<D: Directory + ?Sized> Asked<'_, D> {
    fn find(&mut self, post: &Addressee) -> Result<People, DirectoryError> {
        if let Some(person) = &post.person {
            let people = self.present(std::slice::from_ref(person))?;
            if !people.is_empty() {
                return Ok(Some((people, Found::Named)));
            }
        }
        let people = self.holders(post)?;
        if !people.is_empty() {
            return Ok(Some((people, Found::Post)));
        }
        for instead in instead(post) {
            let people = self.holders(&instead)?;
            if !people.is_empty() {
                return Ok(Some((people, Found::Instead { post: instead })));
            }
        }
        Ok(None)
    }

    fn holders(&mut self, post: &Addressee) -> Result<Vec<Recipient>, DirectoryError> {
        let holders = self.directory.holders(post, self.at)?;
        self.present(&holders)
    }

    /// Those who are here, and for each who is not, those who act for them. Whoever acts and is absent too is not replaced: a
    /// table in which two act for each other would go round.
    fn present(&mut self, people: &[PersonId]) -> Result<Vec<Recipient>, DirectoryError> {
        let mut here: Vec<Recipient> = Vec::new();
        let mut take = |person: &PersonId, acting_for: Option<&PersonId>| {
            if !here.iter().any(|it| it.person == *person) {
                here.push(Recipient {
                    person: person.clone(),
                    acting_for: acting_for.cloned(),
                });
            }
        };
        for person in people {
            let acting = match self.directory.presence(person, self.at)? {
                Presence::Here => {
                    take(person, None);
                    continue;
                }
                Presence::Absent { acting } => acting,
            };
            if !self.absent.contains(person) {
                self.absent.push(person.clone());
            }
            for other in &acting {
                match self.directory.presence(other, self.at)? {
                    Presence::Here => take(other, Some(person)),
                    Presence::Absent { .. } if self.absent.contains(other) => {}
                    Presence::Absent { .. } => self.absent.push(other.clone()),
                }
            }
        }
        Ok(here)
    }
}

/// The posts that are told in place of one that nobody holds: the head of its unit, then supervision.
fn instead(post: &Addressee) -> impl Iterator<Item = Addressee> {
    let other = |role: Role, unit: Option<UnitId>| Addressee {
        post: role.name().to_owned(),
        role: Some(role),
        place: post.place.clone(),
        unit,
        person: None,
    };
    let head = (post.unit.is_some() && post.role != Some(Role::UnitHead))
        .then(|| other(Role::UnitHead, post.unit.clone()));
    let supervision = (post.role != Some(Role::Supervisor)).then(|| other(Role::Supervisor, None));
    head.into_iter().chain(supervision)
}

impl Addressed {
    /// Whether there is nobody to tell.
    pub fn is_nobody(&self) -> bool {
        self.people.is_empty()
    }
    /// What a host's log says where it is not the person or the post that was meant; none where it is.
    ///
    /// ```
    /// # use duly::desk::{PostTable, address};
    /// # use duly::words::Lang;
    /// let intake = serde_json::from_str(r#"{"post": "intake", "role": "intake", "place": "632521"}"#)?;
    /// let nobody = address(&intake, &PostTable::default(), "2026-03-02T09:00:00+08:00".parse()?)?;
    /// assert_eq!(
    ///     nobody.remark(Lang::En).as_deref(),
    ///     Some("nobody holds the post `intake` at 632521, nor `supervisor` in its place: nobody is told until the directory names somebody"),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remark(&self, lang: Lang) -> Option<String> {
        let whose = |post: &Addressee| match (&post.unit, lang) {
            (Some(unit), Lang::Zh) => format!("{}({unit})的`{}`", post.place, post.post),
            (Some(unit), Lang::En) => format!("`{}` of {unit} at {}", post.post, post.place),
            (None, Lang::Zh) => format!("{} 的`{}`", post.place, post.post),
            (None, Lang::En) => format!("`{}` at {}", post.post, post.place),
        };
        let post = whose(&self.post);
        match (&self.found, lang) {
            (Found::Named | Found::Post, _) => None,
            (Found::Instead { post: other }, Lang::Zh) => {
                Some(format!("{post}无人在岗,改由`{}`代收", other.post))
            }
            (Found::Instead { post: other }, Lang::En) => Some(format!(
                "nobody holds the post {post}: `{}` is told in its place",
                other.post
            )),
            (Found::Nobody, _) => {
                let others: Vec<String> = instead(&self.post)
                    .map(|other| format!("`{}`", other.post))
                    .collect();
                Some(match (lang, others.is_empty()) {
                    (Lang::Zh, true) => format!("{post}无人在岗:在通讯录补上之前,无人收到"),
                    (Lang::Zh, false) => format!(
                        "{post}无人在岗,应代收的{}也无人在岗:在通讯录补上之前,无人收到",
                        others.join("、")
                    ),
                    (Lang::En, true) => format!(
                        "nobody holds the post {post}: nobody is told until the directory names somebody"
                    ),
                    (Lang::En, false) => format!(
                        "nobody holds the post {post}, nor {} in its place: nobody is told until the directory names somebody",
                        others.join(" or ")
                    ),
                })
            }
        }
    }
}

/// A directory that is a table (任职表): for tests, the tool and small offices, which write it as JSON.
///
/// Whoever is not listed as absent is here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostTable {
    /// Who holds which post.
    #[serde(default)]
    pub held: Vec<Tenure>,
    /// Who is absent.
    #[serde(default)]
    pub absent: Vec<Absence>,
}

/// A person in a post (任职).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenure {
    /// The post, as the pack names it; or the name of a role, for every post of that role which the table does not name.
    pub post: String,
    /// The place; it answers for the places within as well, where nobody holds the post there.
    pub place: PlaceCode,
    /// The unit, where it is a post of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Who.
    pub person: PersonId,
    /// From when on; always, where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// Until before this moment; for good, where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// A person who is away, or gone for good (不在岗).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Who.
    pub person: PersonId,
    /// From when on; always, where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// Until before this moment; for good, where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Those who act for them meanwhile (代理).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acting: Vec<PersonId>,
}

fn holds(from: Option<Moment>, until: Option<Moment>, at: Moment) -> bool {
    from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
}

impl PostTable {
    /// Whether they are here, or somebody who acts for them is.
    fn is_reached(&self, person: &PersonId, at: Moment) -> bool {
        let acting = self.acting(person, at);
        acting.is_none_or(|acting| acting.iter().any(|it| self.acting(it, at).is_none()))
    }
    /// Those who act for somebody who is absent; none of somebody who is here.
    fn acting(&self, person: &PersonId, at: Moment) -> Option<Vec<PersonId>> {
        let absent = |it: &&Absence| it.person == *person && holds(it.from, it.until, at);
        let mut found: Option<Vec<PersonId>> = None;
        for it in self.absent.iter().filter(absent) {
            found
                .get_or_insert_default()
                .extend(it.acting.iter().cloned());
        }
        found
    }
}

impl Directory for PostTable {
    fn holders(&self, post: &Addressee, at: Moment) -> Result<Vec<PersonId>, DirectoryError> {
        let there = |named: &str| -> Vec<&Tenure> {
            let fits = |it: &&Tenure| {
                it.post == named
                    && it.place.covers(&post.place)
                    && (post.unit.is_none() || it.unit == post.unit)
                    && holds(it.from, it.until, at)
            };
            let mut all: Vec<&Tenure> = self.held.iter().filter(fits).collect();
            // Of codes that cover one place, the longest is the nearest. A place whose people are all away is passed over.
            all.sort_by_key(|it| std::cmp::Reverse(it.place.as_str().len()));
            let here = all.iter().find(|it| self.is_reached(&it.person, at));
            let nearest = here.or(all.first()).map(|it| it.place.clone());
            all.retain(|it| Some(&it.place) == nearest.as_ref());
            all
        };
        let mut all = there(&post.post);
        if let (true, Some(role)) = (all.is_empty(), post.role) {
            all = there(role.name());
        }
        Ok(all.into_iter().map(|it| it.person.clone()).collect())
    }

    fn presence(&self, person: &PersonId, at: Moment) -> Result<Presence, DirectoryError> {
        Ok(match self.acting(person, at) {
            Some(acting) => Presence::Absent { acting },
            None => Presence::Here,
        })
    }
}
