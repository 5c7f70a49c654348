/// A lesson as `web/content/lessons/` holds it.
public struct Lesson: Sendable, Codable {
    /// Its name in addresses and file names.
    public let id: String
    /// The heading of its page.
    public let title: String
    /// The one sentence to take away.
    public let summary: String
    /// The program of `Snippets/Lessons/` that the code of the sections makes up.
    public let snippet: String
    /// What it says, in order.
    public let sections: [Section]
    /// What it states, each with a proof.
    public let claims: [Claim]
    /// What it takes from outside, each with a source.
    public let facts: [Fact]
    /// Its questions.
    public let checks: [QuickCheck]

    /// A stretch of text with what belongs to it.
    public struct Section: Sendable, Codable {
        /// The heading; empty for none.
        public let heading: String
        /// Paragraphs.
        public let text: [String]?
        /// A table below the text.
        public let table: Table?
        /// Lines of Swift.
        public let code: [String]?
        /// Text below the code.
        public let after: [String]?
        /// An example to step through.
        public let stepper: Stepper?
    }

    /// A table with a head and rows of the same length.
    public struct Table: Sendable, Codable {
        /// What the table is about.
        public let caption: String
        /// The headings of the columns.
        public let head: [String]
        /// The cells, row by row.
        public let rows: [[String]]
    }

    /// A built-in example to step through, and what to look for.
    public struct Stepper: Sendable, Codable {
        /// The name of the example.
        public let example: String
        /// What to look for.
        public let note: String
    }

    /// Something from outside that no program can prove: a year, with where it is from.
    public struct Fact: Sendable, Codable {
        /// How the lesson's text refers to it: `{year}`.
        public let id: String
        /// What is stated.
        public let value: String
        /// Where it is from.
        public let source: String
    }

    /// A question with one right choice.
    public struct QuickCheck: Sendable, Codable {
        /// Its name within the lesson.
        public let id: String
        /// The question.
        public let question: String
        /// The choices, in the order in which they are shown.
        public let choices: [String]
        /// The position of the right choice.
        public let answer: Int
        /// Why the right choice is right.
        public let why: String
    }
}
