/// A lesson as `web/content/lessons/` holds it.
public struct Lesson: Sendable, Codable {
    public let id: String
    public let title: String
    /// The one sentence to take away.
    public let summary: String
    /// The program of `Snippets/Lessons/` that the code of the sections makes up.
    public let snippet: String
    public let sections: [Section]
    public let claims: [Claim]
    public let facts: [Fact]
    public let checks: [QuickCheck]

    /// A stretch of text with what belongs to it.
    public struct Section: Sendable, Codable {
        public let heading: String
        public let text: [String]?
        public let table: Table?
        /// Lines of Swift.
        public let code: [String]?
        /// Text below the code.
        public let after: [String]?
        public let stepper: Stepper?
    }

    /// A table with a head and rows of the same length.
    public struct Table: Sendable, Codable {
        public let caption: String
        public let head: [String]
        public let rows: [[String]]
    }

    /// A built-in example to step through, and what to look for.
    public struct Stepper: Sendable, Codable {
        public let example: String
        public let note: String
    }

    /// Something from outside that no program can prove: a year, with where it is from.
    public struct Fact: Sendable, Codable {
        public let id: String
        public let value: String
        public let source: String
    }

    /// A question with one right choice.
    public struct QuickCheck: Sendable, Codable {
        public let id: String
        public let question: String
        public let choices: [String]
        /// The position of the right choice.
        public let answer: Int
        public let why: String
    }
}
