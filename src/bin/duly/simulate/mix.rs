//! The mix: how often each turn of fate comes, in percent of the messages it can befall. All of it stands here and nowhere else, so that
//! whoever reads a figure of a simulation can see what it was fed with. The shares are ours; they are somewhat worse than a good board's,
//! so that everything unusual comes up.

/// 问事, 办事, 建议 up to these hundredths; the rest is 致谢.
pub const CLASSES: [u64; 3] = [62, 82, 94];

// Intake.

/// 网络舆情: opinion without a citizen.
pub const OPINION: u64 = 2;
/// 不予受理, where the pack has grounds; the pack's own rule has to hold.
pub const DECLINED: u64 = 3;
/// Several matters in one message.
pub const SEVERAL_MATTERS: u64 = 25;

// 并案.

/// The same matter once more, over another channel, within [`REPEATS_WITHIN`] of the first message.
pub const REPEATED: u64 = 8;
/// Of those, merged with a case that was repeated before, where there is one: so groups grow.
pub const REPEATED_AGAIN: u64 = 30;
/// Of those that repeat one that was merged itself: taken for that one, which the desk refuses, instead of the one that answers for both.
pub const MERGED_ASTRAY: u64 = 50;
/// How many days back the first message lies at most.
pub const REPEATS_WITHIN: i64 = 9;
/// Merged once a unit has it, not before.
pub const MERGED_LATE: u64 = 35;
/// 撤销并案: undone, since it was another matter after all.
pub const UNMERGED: u64 = 10;
/// The follower's citizen is not satisfied with the survivor's answer.
pub const FOLLOWER_UNSATISFIED: u64 = 20;
/// The follower's citizen is satisfied and says so.
pub const FOLLOWER_SATISFIED: u64 = 20;
/// 未送达: the notice of the answer does not reach the follower's citizen, and goes by another channel.
pub const FOLLOWER_UNDELIVERED: u64 = 8;
/// 撤回 of the message that others repeat.
pub const SURVIVOR_WITHDRAWN: u64 = 20;
/// 不予受理 of the message that others repeat.
pub const SURVIVOR_DECLINED: u64 = 12;
/// That is confirmed so many working days later.
pub const SURVIVOR_DECLINED_AFTER: u32 = 7;

// Handling.

/// 退单 by the first unit, and a ruling.
pub const OBJECTED: u64 = 4;
/// 协办.
pub const CO_HANDLED: u64 = 6;
/// 下级交办: a county hands it down; two reviews follow.
pub const HANDED_DOWN: u64 = 6;
/// 交接: the owner leaves.
pub const HANDED_OVER: u64 = 4;
/// 转办.
pub const TRANSFERRED: u64 = 3;
/// 中止计时.
pub const PAUSED: u64 = 4;
/// 延期; told to the citizen, delivered.
pub const EXTENDED: u64 = 4;
/// Of those, the longest that the pack offers.
pub const EXTENDED_MOST: u64 = 30;
/// Of extensions: the notice is not delivered in time, and the reply is late.
pub const EXTENDED_UNTOLD: u64 = 25;
/// 进展告知.
pub const UPDATED: u64 = 6;
/// 报告进展, where a case is tracked.
pub const REPORTS: u64 = 85;
/// Offices that take their time with everything.
pub const SLOW: u64 = 8;

// Replies.

/// A problem that nobody solves: the rounds run out.
pub const UNSOLVED: u64 = 1;
/// 依法解释, of problems.
pub const EXPLAINED: u64 = 4;
/// 承诺.
pub const PROMISED: u64 = 7;
/// Of promises: kept, in time or not; the others never are.
pub const PROMISES_KEPT: u64 = 90;
/// Of promises kept: late.
pub const PROMISES_LATE: u64 = 20;
/// Poor replies: the first, and later ones. They are sent back.
pub const POOR: [u64; 2] = [9, 3];
/// Late replies: the first, and later ones.
pub const LATE: [u64; 2] = [9, 4];
/// Citizens, up to these hundredths: silent, silent with an automatic rating, not satisfied, satisfied after a failed call; the rest says
/// so at once.
pub const CITIZENS: [u64; 4] = [10, 13, 18, 30];
/// Ideas that are adopted.
pub const ADOPTED: u64 = 50;

// Beside the course.

/// Silent citizens who come back with a late rating.
pub const COMPLAINS: u64 = 20;
/// 重开 by a new fact.
pub const REOPENED: u64 = 3;
/// 撤回, of messages nobody follows.
pub const WITHDRAWN: u64 = 2;
/// Hot from so many points of heat: a leader directs.
pub const DIRECTED_FROM: i64 = 60;
/// Of directions: with a shorter limit.
pub const DIRECTED_WITHIN: u64 = 60;
/// Of directions: tracked.
pub const DIRECTED_TRACK: u64 = 50;

// What ought not to be done, and is tried.

/// Struck off before the citizen was called back, or after too few calls.
pub const TRIES_EARLY: u64 = 4;
/// Struck off on an automatic rating.
pub const TRIES_AUTO: u64 = 50;
/// Reviewed by the author.
pub const TRIES_OWN_REVIEW: u64 = 2;
/// A follower struck off by itself.
pub const TRIES_FOLLOWER: u64 = 10;
