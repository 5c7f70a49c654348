/// One line of a trace. `Documentation/Trace.md` describes the format.
public indirect enum TraceRecord: Sendable, Equatable {
    /// What the file is; the first line.
    case header(TraceHeader)
    /// An operation's formula and derivative, before the first node that names it.
    case rule(TraceRule)
    /// A source file that lines point into.
    case file(TraceFile)
    /// A module's call, a round of a loop, or a stretch that the user named.
    case scope(TraceScope)
    /// A tensor object of the program.
    case tensor(TraceTensor)
    /// An operation that was called.
    case node(TraceNode)
    /// Something that happened.
    case event(TraceEvent)

    /// The name of the kind in the file, its field `t`.
    public var kind: String {
        switch self {
        case .header: "header"
        case .rule: "rule"
        case .file: "file"
        case .scope: "scope"
        case .tensor: "tensor"
        case .node: "node"
        case .event: "ev"
        }
    }
}

/// The first line of a trace.
public struct TraceHeader: Sendable, Equatable {
    /// The word that says what the file is.
    public static let format = "autograd-trace"
    /// The version of the format that this library writes and reads.
    public static let version = 1

    /// What wrote the trace: "Adjoint", "torch".
    public var library: String
    /// The library's version: "0.1.0".
    public var libraryVersion: String?
    /// The time of the beginning, as RFC 3339 writes it.
    public var created: String?
    /// What the trace is called.
    public var title: String?
    /// How much the trace holds; nil where the writer does not say.
    public var capture: TraceCapture?
    /// How many records of each kind limits have dropped.
    public var dropped: [String: Int]

    /// A header of this library's version of the format.
    public init(
        library: String, libraryVersion: String? = nil, created: String? = nil,
        title: String? = nil, capture: TraceCapture? = nil, dropped: [String: Int] = [:]
    ) {
        self.library = library
        self.libraryVersion = libraryVersion
        self.created = created
        self.title = title
        self.capture = capture
        self.dropped = dropped
    }
}

/// How much a trace holds.
public struct TraceCapture: Sendable, Equatable {
    /// What is kept of each tensor's elements.
    public enum Values: String, Sendable, CaseIterable {
        /// Nothing: the structure alone.
        case none
        /// Statistics and the first elements; all of them where there are few.
        case summary
        /// All elements up to a limit, statistics beyond it.
        case full
    }

    /// What is kept of the calls that led to an operation.
    public enum Stacks: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// The innermost line outside of the library.
        case user
        /// All lines outside of the library.
        case all
    }

    /// What is kept of elements.
    public var values: Values
    /// With more elements than this, a tensor is summed up.
    public var maxElements: Int?
    /// What is kept of calls; nil where the writer does not say.
    public var stacks: Stacks?
    /// True where the text of the user's source files is in the trace.
    public var sourceText: Bool?

    /// How much a trace holds.
    public init(
        values: Values, maxElements: Int? = nil, stacks: Stacks? = nil, sourceText: Bool? = nil
    ) {
        self.values = values
        self.maxElements = maxElements
        self.stacks = stacks
        self.sourceText = sourceText
    }
}

/// What an operation computes and how it is differentiated, in words for readers.
public struct TraceRule: Sendable, Equatable {
    /// The name that nodes use: "pow".
    public var id: String
    /// "out = self ^ n".
    public var forward: String
    /// The derivative of the result by each input; nil where there is none.
    public var local: [String?]
    /// The gradient of each input, from that of the result.
    public var vjp: [String?]
    /// A sentence on the operation.
    public var doc: String?
    /// Why there is no derivative.
    public var nondiff: String?
    /// The family of operations that it belongs to, by which readers see it: "pointwise".
    public var family: String?

    /// A rule, in words.
    public init(
        id: String, forward: String, local: [String?] = [], vjp: [String?] = [],
        doc: String? = nil, nondiff: String? = nil, family: String? = nil
    ) {
        self.id = id
        self.forward = forward
        self.local = local
        self.vjp = vjp
        self.doc = doc
        self.nondiff = nondiff
        self.family = family
    }
}

/// A source file.
public struct TraceFile: Sendable, Equatable {
    /// The number that lines name it by.
    public var id: Int
    /// The path, as the compiler was given it.
    public var path: String
    /// The SHA-256 of the text, in hexadecimal.
    public var sha256: String?
    /// The text; nil where it was not to be had, or not wanted.
    public var text: String?

    /// A source file.
    public init(id: Int, path: String, sha256: String? = nil, text: String? = nil) {
        self.id = id
        self.path = path
        self.sha256 = sha256
        self.text = text
    }
}

/// A stretch of the program that nodes belong to.
public struct TraceScope: Sendable, Equatable {
    /// What kind of stretch it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// The call of a module.
        case module
        /// The call of a function; the recorder of this library writes none.
        case function
        /// One round of a loop.
        case iteration
        /// A name that the user gave.
        case user
    }

    /// Its number.
    public var id: Int
    /// The scope around this one.
    public var parent: Int?
    /// What it is called: "Linear", "batch".
    public var name: String
    /// What kind of stretch it is.
    public var kind: Kind
    /// The module's type: "Linear".
    public var cls: String?
    /// The module's path in its model: "encoder.0.fc1".
    public var path: String?

    /// A stretch of the program.
    public init(
        id: Int, parent: Int? = nil, name: String, kind: Kind, cls: String? = nil,
        path: String? = nil
    ) {
        self.id = id
        self.parent = parent
        self.name = name
        self.kind = kind
        self.cls = cls
        self.path = path
    }
}

/// A place in a source file.
public struct TraceSource: Sendable, Hashable {
    /// The id of a `TraceFile`.
    public var file: Int
    /// The line, from 1.
    public var line: Int
    /// The column, from 1; nil or 0 where it is unknown.
    public var column: Int?

    /// A place in a file.
    public init(file: Int, line: Int, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }
}
