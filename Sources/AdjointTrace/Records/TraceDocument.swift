/// A trace in memory: its records in their order, and where each id is.
public struct TraceDocument: Sendable, Equatable {
    /// All records, in the order of the file.
    public private(set) var records: [TraceRecord] = []
    /// Records whose kind this library does not know, and that it passed over.
    public internal(set) var skipped = 0
    /// Why the reading ended early, with the number of the line: a damaged line, or a limit. Nil
    /// where the text was read to its end.
    public internal(set) var problem: TraceProblem?

    private var tensorIndex: [Int: Int] = [:]
    private var nodeIndex: [Int: Int] = [:]
    private var scopeIndex: [Int: Int] = [:]
    private var fileIndex: [Int: Int] = [:]
    private var ruleIndex: [String: Int] = [:]
    /// Where the events are among the records, in their order.
    private var eventIndex: [Int] = []
    private var headerIndex: Int?

    /// A document of these records, indexed by their ids.
    public init(_ records: [TraceRecord] = []) {
        self.records.reserveCapacity(records.count)
        for record in records { append(record) }
    }

    /// Takes one more record, as it comes.
    public mutating func append(_ record: TraceRecord) {
        let record = completed(record)
        let i = records.count
        switch record {
        case .header: headerIndex = i
        case .rule(let rule): ruleIndex[rule.id] = i
        case .file(let file): fileIndex[file.id] = i
        case .scope(let scope): scopeIndex[scope.id] = i
        case .tensor(let tensor): tensorIndex[tensor.id] = i
        case .node(let node): nodeIndex[node.id] = i
        case .event: eventIndex.append(i)
        }
        records.append(record)
    }

    /// A second record of a tensor, with what only its first one says.
    private func completed(_ record: TraceRecord) -> TraceRecord {
        guard case .tensor(var tensor) = record, let first = self.tensor(tensor.id) else {
            return record
        }
        tensor.name = tensor.name ?? first.name
        tensor.src = tensor.src ?? first.src
        tensor.viewOf = tensor.viewOf ?? first.viewOf
        tensor.value = tensor.value ?? first.value
        if let producer = first.producer, tensor.producer == nil {
            tensor.producer = producer
            tensor.role = first.role
        }
        return .tensor(tensor)
    }

    /// The latest header, which says what was dropped; nil where there is none.
    public var header: TraceHeader? {
        if let headerIndex, case .header(let header) = records[headerIndex] { return header }
        return nil
    }

    /// Gives the trace another title; one without a header stays without.
    mutating func retitle(_ title: String) {
        guard let headerIndex, case .header(var header) = records[headerIndex] else { return }
        header.title = title
        records[headerIndex] = .header(header)
    }

    /// The latest record of the tensor `id`; nil where there is none.
    public func tensor(_ id: Int) -> TraceTensor? {
        if let i = tensorIndex[id], case .tensor(let tensor) = records[i] { return tensor }
        return nil
    }

    /// The node of this id; nil where there is none.
    public func node(_ id: Int) -> TraceNode? {
        if let i = nodeIndex[id], case .node(let node) = records[i] { return node }
        return nil
    }

    /// The scope of this id; nil where there is none.
    public func scope(_ id: Int) -> TraceScope? {
        if let i = scopeIndex[id], case .scope(let scope) = records[i] { return scope }
        return nil
    }

    /// The source file of this id; nil where there is none.
    public func file(_ id: Int) -> TraceFile? {
        if let i = fileIndex[id], case .file(let file) = records[i] { return file }
        return nil
    }

    /// The rule of this name; nil where there is none.
    public func rule(_ id: String) -> TraceRule? {
        if let i = ruleIndex[id], case .rule(let rule) = records[i] { return rule }
        return nil
    }

    /// All tensors by id, each in its latest record.
    public var tensors: [TraceTensor] { tensorIndex.keys.sorted().compactMap { tensor($0) } }
    /// All nodes by id, which is the order of their making.
    public var nodes: [TraceNode] { nodeIndex.keys.sorted().compactMap { node($0) } }
    /// All scopes by id.
    public var scopes: [TraceScope] { scopeIndex.keys.sorted().compactMap { scope($0) } }
    /// All files by id.
    public var files: [TraceFile] { fileIndex.keys.sorted().compactMap { file($0) } }
    /// All rules by name.
    public var rules: [TraceRule] { ruleIndex.keys.sorted().compactMap { rule($0) } }

    /// How many events there are.
    public var eventCount: Int { eventIndex.count }

    /// The `n`th event of the document, from 0, whatever its own index.
    public func event(at n: Int) -> TraceEvent? {
        if eventIndex.indices.contains(n), case .event(let event) = records[eventIndex[n]] {
            return event
        }
        return nil
    }

    /// The event whose index is `index`, found by halving; nil where there is none.
    public func event(_ index: Int) -> TraceEvent? {
        var (low, high) = (0, eventIndex.count)
        while low < high {
            let middle = (low + high) / 2
            guard let found = event(at: middle) else { return nil }
            if found.index == index { return found }
            if found.index < index { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// All events in their order.
    public var events: [TraceEvent] {
        eventIndex.compactMap { i in
            if case .event(let event) = records[i] { return event }
            return nil
        }
    }

    /// "main.swift:12", with the last part of the path; nil where the file is unknown.
    public func line(_ source: TraceSource?) -> String? {
        guard let source, let file = file(source.file) else { return nil }
        return "\(file.path.split(separator: "/").last ?? ""):\(source.line)"
    }

    /// The document as JSON Lines, each line ended.
    public var jsonLines: [UInt8] {
        var bytes: [UInt8] = []
        for record in records {
            bytes.append(contentsOf: record.json)
            bytes.append(0x0A)
        }
        return bytes
    }
}

/// Why a trace could not be read to its end.
public struct TraceProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong, in words.
    public var message: String
    /// True where the last line is cut off, as a crash leaves it.
    public var isTruncation: Bool

    /// A problem at a line.
    public init(line: Int, message: String, isTruncation: Bool = false) {
        self.line = line
        self.message = message
        self.isTruncation = isTruncation
    }

    /// "line 7: node is missing".
    public var description: String { "line \(line): \(message)" }
}
