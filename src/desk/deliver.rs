//! Deliveries (送达): what lies in the outbox, addressed to people and with its words, ready to be sent.
//!
//! > At least once, under one id, in the order of each case. The host sends; what it does not say to be delivered, it is given again.
//!
//! A host drains the outbox in four steps, again and again:
//!
//! 1. **Take** a page of the outbox, addressed: [`Desk::deliveries`](super::Desk::deliveries). Who holds a post is asked now, not when the effect
//!    came about. Whoever has a page from elsewhere addresses it by [`deliveries`].
//! 2. **Send** each: to people by their contact, to a citizen by theirs or through the channel by which the message came, to the board, to whoever
//!    keeps copies of texts. Send the id along, [`Delivery::id`]: whoever dies between sending and the next step sends the same again, and the
//!    receiver tells by the id that it has it. The subject and the body are in [`letter`](crate::report::letter).
//! 3. **Say what became of it**: a [`Receipt`](super::Receipt) each. Told means delivered: an extension counts, and a silent citizen's case ends,
//!    only once the citizen has the notice.
//! 4. **Take it out** of the outbox, once it was sent, or has failed for good and the receipt says so.
//!
//! Order: the effects of one case come in the order in which they came about, and those of all cases in the order of the ledger. What
//! cannot be sent now need not hold back what comes after it: go on after the page's `next`, and begin from the start later. But an answer and
//! the news that it was taken back are for one citizen: keep the order of a case where it matters to the receiver.
//!
//! Failure: where the directory is down, what the ledger has of it is damaged, or nobody holds a post, the effect stays. [`Deliveries::put_off`]
//! names the former two, and [`Delivery::is_nobody`] says the latter: show them to the supervision office, and do not take them out.
//! [`Desk::outbox`](super::Desk::outbox) gives the effects as they are, and nothing of a page with a row that is damaged: it is for looking,
//! and whoever drains by it stands still there.
//!
//! ```
//! use duly::desk::{Cursor, Desk, MemoryLedger, PostTable};
//! # use duly::plan::{Plans, bare};
//! # use duly::words::{Actor, Command, Envelope, Facts, Origin, Role, Salt};
//! # let mut plans = Plans::new("hainan".parse()?);
//! # plans.take(bare("demo".parse()?))?;
//! # let desk = Desk::new(MemoryLedger::new("hainan".parse()?), plans)?;
//! # desk.submit(Envelope { id: "c1".parse()?, case: "m01".parse()?, by: Actor::new("clerk".parse()?, Role::Intake),
//! #     at: "2026-03-02T09:00:00+08:00".parse()?, salt: Salt::derived(b"a test", "c1"),
//! #     command: Command::Open { place: "632521".parse()?, channel: "board".parse()?, external_id: "4711".parse()?,
//! #         message: "路灯不亮".into(), contact: None, citizen: None, origin: Origin::Message, facts: Facts::new() } })?;
//! let directory = PostTable::default();
//! let taken = desk.deliveries(&directory, "2026-03-02T09:01:00+08:00".parse()?, &Cursor::start(), 100)?;
//! for delivery in taken.items.iter().filter(|it| !it.is_nobody()) {
//!     // … send it, with `delivery.id()`; give the receipt …
//!     desk.delivered(&[delivery.outgoing.id.clone()])?;
//! }
//! assert!(desk.outbox(&Cursor::start(), 100)?.items.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use super::directory::{Addressed, Directory, DirectoryError, address};
use super::{Cursor, Page};
use crate::duty::{DutyEffect, DutyOutgoing};
use crate::time::Moment;
use crate::words::{
    Addressee, Channel, Effect, Event, ExternalId, Lang, Outgoing, PersonId, Record, Text, TextRef,
};

/// Where a citizen can be reached: as the message says by which it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The channel of the message; an answer can go back through it.
    pub channel: Channel,
    /// Its number there.
    pub external_id: ExternalId,
    /// The reference of what the citizen left to be reached by. It is private: the host reads it from the ledger when it sends, and keeps it nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<TextRef>,
}

impl Reach {
    /// What the record says that opened a case; none of any other record.
    pub fn of(record: &Record) -> Option<Reach> {
        match &record.event {
            Event::Opened {
                channel,
                external_id,
                contact,
                ..
            } => Some(Reach {
                channel: channel.clone(),
                external_id: external_id.clone(),
                contact: contact.clone(),
            }),
            Event::Imported { case, .. } => Some(Reach {
                channel: case.channel.clone(),
                external_id: case.external_id.clone(),
                contact: case.contact.clone(),
            }),
            _ => None,
        }
    }
}

/// To whom something goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum To {
    /// 网民: the citizen of the case.
    Citizen {
        /// The citizen, where known by name.
        citizen: Option<PersonId>,
        /// Where they can be reached.
        reach: Option<Reach>,
    },
    /// 承办、审核、督查等人: officers.
    Officers {
        /// The people.
        people: Addressed,
    },
    /// 留言板: everybody, where answers are shown.
    Board,
    /// 存有副本者: whoever keeps copies of texts outside the ledger: search, archives, the board itself.
    Stores,
}

/// A private text that goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Its reference.
    pub reference: TextRef,
    /// The words; none, once they are erased by law.
    pub text: Option<Text>,
}

impl Words {
    /// The words, or that they are erased.
    ///
    /// ```
    /// use duly::desk::Words;
    /// use duly::words::{Lang, Private, Salt};
    /// let sealed = Private::seal(Salt::derived(b"test", "c1"), "text", "路灯修好了".into());
    /// let words = Words { reference: sealed.reference, text: None };
    /// assert_eq!(words.shown(Lang::Zh), "(已依法删除)");
    /// assert_eq!(words.shown(Lang::En), "[erased]");
    /// ```
    pub fn shown(&self, lang: Lang) -> &str {
        match (&self.text, lang) {
            (Some(text), _) => text.as_str(),
            (None, Lang::Zh) => "(已依法删除)",
            (None, Lang::En) => "[erased]",
        }
    }
}

/// Something that leaves a board: an effect of a case, or of an obligation.
pub trait Leaving: private::Sealed {
    /// Its identity, as text.
    fn name(&self) -> String;
    /// The private texts that go out with it, in order.
    fn texts(&self) -> &[TextRef];
    #[doc(hidden)]
    fn goes(&self) -> Goes<'_>;
}

#[doc(hidden)]
#[derive(Debug)]
pub enum Goes<'a> {
    Citizen(Option<&'a PersonId>),
    Officers(&'a Addressee),
    Board,
    Stores,
    Within,
}

mod private {
    pub trait Sealed {}
    impl Sealed for crate::words::Outgoing {}
    impl Sealed for crate::duty::DutyOutgoing {}
}

impl Leaving for Outgoing {
    fn name(&self) -> String {
        self.id.to_string()
    }
    fn texts(&self) -> &[TextRef] {
        self.effect.texts()
    }
    fn goes(&self) -> Goes<'_> {
        match &self.effect {
            Effect::Tell { citizen, .. } => Goes::Citizen(citizen.as_ref()),
            Effect::Notify { to, .. } => Goes::Officers(to),
            Effect::Publish { .. } | Effect::Retract => Goes::Board,
            Effect::Erase { .. } => Goes::Stores,
            Effect::Link { .. } => Goes::Within,
        }
    }
}

impl Leaving for DutyOutgoing {
    fn name(&self) -> String {
        self.id.to_string()
    }
    fn texts(&self) -> &[TextRef] {
        self.effect.texts()
    }
    fn goes(&self) -> Goes<'_> {
        match &self.effect {
            DutyEffect::Notify { to, .. } => Goes::Officers(to),
            DutyEffect::Erase { .. } => Goes::Stores,
        }
    }
}

/// An effect, ready to be sent. As JSON it is the effect with `to` and `words` beside its `id`, `at` and `effect`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery<O = Outgoing> {
    /// The effect, as it lies in the outbox.
    #[serde(flatten)]
    pub outgoing: O,
    /// To whom it goes.
    pub to: To,
    /// Its private texts, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Words>,
}

impl<O: Leaving> Delivery<O> {
    /// Its identity, the same each time: whoever receives it twice has it once.
    pub fn id(&self) -> String {
        self.outgoing.name()
    }
    /// Whether there is nobody to send it to now. It stays in the outbox until there is.
    pub fn is_nobody(&self) -> bool {
        match &self.to {
            To::Officers { people } => people.is_nobody(),
            To::Citizen { citizen, reach } => citizen.is_none() && reach.is_none(),
            To::Board | To::Stores => false,
        }
    }
}

/// Why an effect cannot go out now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotNow {
    /// The directory could not be asked.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// What the ledger holds of its case or obligation was damaged or altered: where, and how.
    #[error("{0}; it stays in the outbox, and keeps back nothing of others")]
    Damaged(String),
}

/// An effect that cannot go out now. It stays in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOff {
    /// Its identity.
    pub id: String,
    /// Why.
    pub why: NotNow,
}

impl fmt::Display for PutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "effect `{}`: {}", self.id, self.why)
    }
}

/// A page of the outbox, addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliveries<O = Outgoing> {
    /// What can be sent, in the order of the outbox.
    pub items: Vec<Delivery<O>>,
    /// What could not be addressed, or not be read.
    pub put_off: Vec<PutOff>,
    /// Where to go on.
    pub next: Cursor,
    /// Whether the page was the last: nothing lay in the outbox after it.
    pub is_end: bool,
}

/// Addresses one effect: the people that it goes to at a moment, and its words. None, where it goes to another case of the
/// board, which is no business of the outside.
///
/// # Errors
/// [`DirectoryError`] within, where the directory could not be asked; whatever the closures give, without.
pub fn deliver<O: Leaving, E>(
    outgoing: O,
    directory: &(impl Directory + ?Sized),
    now: Moment,
    reach: impl FnOnce(&O) -> Result<Option<Reach>, E>,
    mut text: impl FnMut(&O, &TextRef) -> Result<Option<Text>, E>,
) -> Result<Result<Option<Delivery<O>>, DirectoryError>, E> {
    let to = match outgoing.goes() {
        Goes::Citizen(citizen) => To::Citizen {
            citizen: citizen.cloned(),
            reach: reach(&outgoing)?,
        },
        Goes::Officers(post) => match address(post, directory, now) {
            Ok(people) => To::Officers { people },
            Err(error) => return Ok(Err(error)),
        },
        Goes::Board => To::Board,
        Goes::Stores => To::Stores,
        Goes::Within => return Ok(Ok(None)),
    };
    let mut words = Vec::new();
    for reference in outgoing.texts() {
        words.push(Words {
            reference: reference.clone(),
            text: text(&outgoing, reference)?,
        });
    }
    Ok(Ok(Some(Delivery {
        outgoing,
        to,
        words,
    })))
}

/// Addresses a page of an outbox, as the [module](self) tells. `reach` says where the citizen of a case can be reached, and is asked only of what
/// goes to a citizen; `text` gives the words of a private text, and none once they are erased.
///
/// # Errors
/// Whatever the closures give. A directory that is down is no error of the page: what it was asked for is
/// [put off](Deliveries::put_off).
pub fn deliveries<O: Leaving, E>(
    page: Page<O>,
    directory: &(impl Directory + ?Sized),
    now: Moment,
    mut reach: impl FnMut(&O) -> Result<Option<Reach>, E>,
    mut text: impl FnMut(&O, &TextRef) -> Result<Option<Text>, E>,
) -> Result<Deliveries<O>, E> {
    let mut all = Deliveries {
        items: Vec::new(),
        put_off: Vec::new(),
        is_end: page.items.is_empty(),
        next: page.next,
    };
    for outgoing in page.items {
        let id = outgoing.name();
        match deliver(outgoing, directory, now, &mut reach, &mut text)? {
            Ok(Some(delivery)) => all.items.push(delivery),
            Ok(None) => {}
            Err(why) => all.put_off.push(PutOff {
                id,
                why: why.into(),
            }),
        }
    }
    Ok(all)
}
