public import AdjointCore

/// The arguments of a call, read by position or by PyTorch's keyword.
///
/// What a call never reads is an error of the replay: an option that is passed over in silence
/// would pass where it happens not to matter.
public final class Arguments {
    let positional: [RecordedArgument]
    let keywords: [String: RecordedArgument]
    let tensors: [Tensor]
    private var readPositions: Set<Int> = []
    private var readKeywords: Set<String> = []

    init(
        _ positional: [RecordedArgument], _ keywords: [String: RecordedArgument],
        _ tensors: [Tensor]
    ) {
        self.positional = positional
        self.keywords = keywords
        self.tensors = tensors
    }

    /// How many positional arguments there are.
    public var count: Int { positional.count }

    /// The argument at `position`, or of the keyword; nil where neither is there.
    public func argument(_ position: Int?, _ keyword: String? = nil) -> RecordedArgument? {
        if let position, positional.indices.contains(position) {
            readPositions.insert(position)
            return positional[position]
        }
        guard let keyword, let value = keywords[keyword] else { return nil }
        readKeywords.insert(keyword)
        return value
    }

    /// What nobody has read, as a reader would write it.
    var unread: [String] {
        positional.indices.filter { !readPositions.contains($0) }.map { "argument \($0)" }
            + keywords.keys.filter { !readKeywords.contains($0) }.sorted()
    }

    /// Says that an argument has no meaning here (`out`, `generator`, `sparse`).
    public func ignore(_ keywords: String...) { readKeywords.formUnion(keywords) }
}

extension Arguments {
    /// A tensor that must be there.
    public func tensor(_ position: Int?, _ keyword: String? = nil) throws -> Tensor {
        guard let value = try optionalTensor(position, keyword) else {
            throw Mismatch("the call needs a tensor as \(label(position, keyword))")
        }
        return value
    }

    /// A tensor, or nil for None and for one that is not there.
    public func optionalTensor(_ position: Int?, _ keyword: String? = nil) throws -> Tensor? {
        switch argument(position, keyword) {
        case nil, .null: nil
        case .tensor(let i): tensors[i]
        case let other?: throw unexpected(other, "a tensor", position, keyword)
        }
    }

    /// A list of tensors.
    public func tensorList(_ position: Int?, _ keyword: String? = nil) throws -> [Tensor] {
        switch argument(position, keyword) {
        case .list(let list):
            try list.map {
                guard case .tensor(let i) = $0 else {
                    throw unexpected($0, "a tensor", position, keyword)
                }
                return tensors[i]
            }
        case .tensor(let i): [tensors[i]]
        case let other: throw unexpected(other, "a list of tensors", position, keyword)
        }
    }

    /// The tensors of a call that takes one, several, or a list of them.
    public func several() throws -> [Tensor] {
        if case .list = argument(0) { return try tensorList(0) }
        return try tensors(from: 0)
    }

    /// The tensors from `position` on: variadic calls.
    public func tensors(from position: Int) throws -> [Tensor] {
        try (position..<Swift.max(position, count)).map { try tensor($0) }
    }

    /// An integer, or nil for None and for one that is not there.
    public func int(_ position: Int?, _ keyword: String? = nil) throws -> Int? {
        switch argument(position, keyword) {
        case nil, .null: nil
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        case let other?: throw unexpected(other, "an integer", position, keyword)
        }
    }

    /// An integer, or `value` for None and for one that is not there.
    public func int(_ position: Int?, _ keyword: String? = nil, or value: Int) throws -> Int {
        try int(position, keyword) ?? value
    }

    /// Integers: a list of them, or one.
    public func ints(_ position: Int?, _ keyword: String? = nil) throws -> [Int]? {
        switch argument(position, keyword) {
        case nil, .null: nil
        case .int(let value): [value]
        case .list(let list):
            try list.map {
                guard case .int(let value) = $0 else {
                    throw unexpected($0, "an integer", position, keyword)
                }
                return value
            }
        case let other?: throw unexpected(other, "integers", position, keyword)
        }
    }

    /// Integers: one list of them, or all arguments from `position` on.
    public func ints(from position: Int, _ keyword: String? = nil) throws -> [Int] {
        if count == position + 1 || count <= position, let list = try ints(position, keyword) {
            return list
        }
        return try (position..<Swift.max(position, count)).map {
            guard let value = try int($0) else {
                throw unexpected(argument($0), "an integer", $0, keyword)
            }
            return value
        }
    }

    /// A number as a float, or nil for None and for one that is not there.
    public func double(_ position: Int?, _ keyword: String? = nil) throws -> Double? {
        switch argument(position, keyword) {
        case nil, .null: nil
        case .float(let value): value
        case .int(let value): Double(value)
        case .bool(let value): value ? 1 : 0
        case let other?: throw unexpected(other, "a number", position, keyword)
        }
    }

    /// A number, or `value` for None and for one that is not there.
    public func double(_ position: Int?, _ keyword: String? = nil, or value: Double) throws
        -> Double
    {
        try double(position, keyword) ?? value
    }

    /// A truth value, or `value` for None and for one that is not there.
    public func bool(_ position: Int?, _ keyword: String? = nil, or value: Bool = false) throws
        -> Bool
    {
        switch argument(position, keyword) {
        case nil, .null: value
        case .bool(let value): value
        case .int(let value): value != 0
        case let other?: throw unexpected(other, "a truth value", position, keyword)
        }
    }

    /// A word, or nil for None and for one that is not there.
    public func text(_ position: Int?, _ keyword: String? = nil) throws -> String? {
        switch argument(position, keyword) {
        case nil, .null: nil
        case .text(let value): value
        case let other?: throw unexpected(other, "a word", position, keyword)
        }
    }

    /// A dtype, or nil for None and for one that is not there.
    public func dtype(_ position: Int?, _ keyword: String? = nil) throws -> DType? {
        switch argument(position, keyword) {
        case nil, .null: nil
        case .dtype(let value): value
        case let other?: throw unexpected(other, "a dtype", position, keyword)
        }
    }

    /// A tensor or a number of Python, which promotes as Python's numbers do.
    public func operand(_ position: Int?, _ keyword: String? = nil) throws -> Operand {
        switch argument(position, keyword) {
        case .tensor(let i): .tensor(tensors[i])
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .bool(let value): .bool(value)
        case let other: throw unexpected(other, "a tensor or a number", position, keyword)
        }
    }

    /// A tensor or a number.
    public enum Operand {
        /// A tensor of the case.
        case tensor(Tensor)
        /// An integer of Python's.
        case int(Int)
        /// A float of Python's.
        case float(Double)
        /// A truth value of Python's.
        case bool(Bool)
    }

    private func unexpected(
        _ found: RecordedArgument?, _ wanted: String, _ position: Int?, _ keyword: String?
    ) -> Mismatch {
        Mismatch(
            "the call needs \(wanted) as \(label(position, keyword)), not "
                + (found.map { "\($0)" } ?? "nothing"))
    }

    private func label(_ position: Int?, _ keyword: String?) -> String {
        keyword.map { "'\($0)'" } ?? "argument \(position ?? 0)"
    }
}

/// What a replay got that the case does not say.
public struct Mismatch: Error, CustomStringConvertible {
    public let description: String
    /// A difference in words.
    public init(_ description: String) { self.description = description }
}
