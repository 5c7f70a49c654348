/// A Swift file that a learner finishes, and the program that checks it.
struct SwiftExercise: Sendable {
    /// What the command calls it: `mini-autograd`.
    let name: String
    /// The file of the learner: `MiniAutograd.swift`.
    let file: String
    let summary: String
    /// Whether the file imports the library.
    let needsLibrary: Bool
    /// The unfinished file, as `Exercises/` holds it.
    let starter: String
    /// Swift statements that call the learner's code through `judge`.
    let checks: String
    /// What the checks call; said where they do not compile.
    let expects: String

    /// Every exercise, in the order in which they are best done.
    static let all: [SwiftExercise] = [
        chainRule, absoluteValue, trainingLoop, higherOrder, miniAutograd,
    ]
}
