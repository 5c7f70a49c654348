/// Something that a run did wrong, or would better do otherwise, as its trace shows it.
public struct TraceFinding: Sendable, Hashable {
    /// What the run did.
    public enum Kind: String, Sendable, CaseIterable {
        /// The operation that made the first NaN or infinity, forward or backward.
        case nonFinite = "non-finite"
        /// A tensor that was needed for backward was changed in place.
        case versionClash = "version-clash"
        /// A second backward pass through a graph that the first one freed.
        case backwardTwice = "backward-twice"
        /// Another mistake that the library has reported.
        case error
        /// A parameter that no gradient reached.
        case noGradient = "no-gradient"
        /// Gradients of earlier steps were never emptied.
        case staleGradient = "stale-gradient"
        /// Gradients were emptied before the optimiser could use them.
        case lostGradient = "lost-gradient"
        /// Means of micro-batches that are added and not averaged.
        case microBatches = "micro-batches"
        /// A gradient that is not what was there plus what came.
        case accumulation
        /// Every step's graph holds that of the step before.
        case growingGraph = "growing-graph"
        /// Much memory that nothing but the graph holds.
        case largeSaved = "large-saved"
        /// Numbers are converted to another type on the way.
        case cast
    }

    /// How bad it is; the worst first.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// Results or gradients are wrong, or there are none.
        case error
        /// Most likely not what was meant.
        case warning
        /// Good to know.
        case note

        public static func < (a: Severity, b: Severity) -> Bool {
            allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
        }
    }

    /// A line of the program, and what happened there.
    public struct Place: Sendable, Hashable {
        /// "saved by exp", "changed by add_".
        public var role: String
        /// "Model.swift:41".
        public var line: String
        /// Where the line is.
        public var source: TraceSource
        /// "version 0"; empty where there is nothing to add.
        public var detail: String

        /// A line, with words for it.
        public init(role: String, line: String, source: TraceSource, detail: String = "") {
            self.role = role
            self.line = line
            self.source = source
            self.detail = detail
        }
    }

    /// What the run did.
    public var kind: Kind
    /// How bad it is.
    public var severity: Severity
    /// One line.
    public var title: String
    /// What happened and how it can be told, in sentences.
    public var explanation: String
    /// The operation to look at: "log"; nil where it is not about one.
    public var operation: String?
    /// The node of that operation; nil where it is not about one.
    public var node: Int?
    /// The tensor that it is about; nil where it is not about one.
    public var tensor: Int?
    /// Where in the program, the most telling line first.
    public var places: [Place] = []
    /// The indices of the events that show it, the most telling one first.
    public var events: [Int] = []
    /// The operations that suffer from it, in the order of their making.
    public var affected: [Int] = []
    /// What to write instead.
    public var fix: String
    /// How many times it happened.
    public var count = 1

    /// A finding in words; places, events and numbers are put in afterwards.
    public init(
        _ kind: Kind, _ severity: Severity, title: String, explanation: String, fix: String
    ) {
        self.kind = kind
        self.severity = severity
        self.title = title
        self.explanation = explanation
        self.fix = fix
    }
}
