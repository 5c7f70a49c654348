import AdjointCore
import AdjointData
import AdjointNN
import CAdjoint
import Synchronization

/// Watches a program and writes down what it does. It keeps numbers of tensors and nodes, and no
/// tensor: whatever dies in the program dies on time.
final class Recorder: ModuleObserver, @unchecked Sendable {
    let options: TraceOptions
    let capture: ValueCapture
    private let lock = Mutex(())
    /// Touched under the lock alone.
    private var state: RecorderState
    private let typeNames = TypeNames()

    /// - Parameter path: The file that is written; nil to keep the records in memory.
    init(_ options: TraceOptions, path: String? = nil) throws(DataFileError) {
        self.options = options
        capture = ValueCapture(
            values: options.values, limit: options.elementLimit, bins: options.histogramBins)
        var sink = TraceSink.memory(TraceDocument())
        if let path { sink = .file(try TraceFileOutput(path: path)) }
        state = RecorderState(options, sink)
        state.begin()
        ModuleCalls.watch(true)
    }

    deinit { ModuleCalls.watch(false) }

    /// Runs `body` on the state, and hands what it has put down to the file.
    @discardableResult
    func update<R>(_ body: (inout RecorderState) -> R) -> R {
        var result: R?
        lock.withLock { _ in
            result = body(&state)
            state.sink.flush()
        }
        return result!
    }

    /// Ends the recording. Returns the records where they were kept in memory.
    func finish() -> TraceDocument {
        update { state in
            state.finish()
            state.sink.drain()
            if case .memory(let document) = state.sink { return document }
            return TraceDocument()
        }
    }

    /// Waits until everything so far is in the file.
    func drain() { update { $0.sink.drain() } }

    func call<R>(of module: any Module, _ body: () -> R) -> R {
        let stack = ScopeStack.current.with(
            .module(ObjectIdentifier(module), type: typeNames.name(of: type(of: module))))
        return ScopeStack.$current.withValue(stack, operation: body)
    }
}

/// What a recording knows, behind the recorder's lock.
struct RecorderState {
    let options: TraceOptions
    var sink: TraceSink
    var sources: SourceMap
    var scopes = ScopeTable()
    var modules = ModuleNames()
    var ledger = MemoryLedger()
    /// Rules by the types of the operations that they are of.
    var rules: [ObjectIdentifier: RuleText] = [:]
    var ruleNames: Set<String> = []
    var operations = OperationTable()
    var words = WordTable()
    /// The names of operations' nodes by the nodes' types.
    private var nodeNames: [ObjectIdentifier: String] = [:]

    /// The ids of tensors by their tags, of nodes by their numbers, of results by their origins.
    var tensors = NumberTable<UInt32, Int>()
    var nodes = NumberTable<UInt64, NodeNote>()
    var results = ResultTable()
    var storages = StorageTable()
    /// Gradients of leaves, and tensors without history, that may be met as operands.
    var gradients = NumberTable<UInt32, Int>()
    var detached: [UInt32: Detached] = [:]
    /// The event of the latest write to each block of memory.
    var writes = NumberTable<Int, Int>()

    var nextTensor = 0
    var nextNode = 0
    var nextEvent = 0
    var nextRun = 0
    private let start = adj_clock()
    private var dropped: [String: Int] = [:]
    private var keptEvents = 0
    var isRecordingGradients = true
    var lastMemory = 0
    /// The pass that has failed and whose error is about to be told.
    var failedRun: Int?

    /// What is known of a node.
    struct NodeNote {
        let id: Int
        let order: Int
        let src: TraceSource?
        /// What it saved: the tensor and its version.
        var saved: [(tensor: Int, version: Int)] = []
        /// The numbers among its inputs, for texts; and its result.
        var numbers: [Double?] = []
        var result: Double?
        var ruleKey: ObjectIdentifier?
        var parameters: [String: Double] = [:]
        /// How many inputs its record has: tensors, then numbers.
        var inputCount = 0
        /// The event after which what it saved is gone.
        var freedAt: Int?
    }

    /// The ids of nodes' results, and the tags of the tensors that they are.
    struct ResultTable {
        typealias Entry = (id: Int, tag: UInt32)
        private var first = NumberTable<Int, Entry>()
        private var others: [[Int]: Entry] = [:]

        /// Output `output` of the node with the id `node`.
        subscript(node: Int, output: Int) -> Entry? {
            get { output == 0 ? first[node] : others[[node, output]] }
            set {
                if output == 0 {
                    first[node] = newValue
                } else {
                    others[[node, output]] = newValue
                }
            }
        }
    }

    struct Detached {
        let source: Int
        let place: TraceSource?
    }

    init(_ options: TraceOptions, _ sink: TraceSink) {
        self.options = options
        self.sink = sink
        sources = SourceMap(options)
    }

    private func header() -> TraceRecord {
        .header(
            TraceHeader(
                library: "Adjoint", created: options.times ? RecorderState.timeOfDay() : nil,
                title: options.title, capture: options.capture, dropped: dropped))
    }

    private static func timeOfDay() -> String? {
        var text = [CChar](repeating: 0, count: 32)
        adj_time_text(&text)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    mutating func begin() { sink.put(header()) }

    /// Says what was dropped, in a header that takes the place of the first.
    mutating func finish() {
        if case .memory(let document) = sink, options.keepsLatest, let most = options.maxEvents,
            document.eventCount > most
        {
            sink = .memory(latest(most, of: document))
        }
        if !dropped.isEmpty { sink.put(header()) }
    }

    /// The document without its earliest events.
    private mutating func latest(_ most: Int, of document: TraceDocument) -> TraceDocument {
        var surplus = document.eventCount - most
        var kept: [TraceRecord] = []
        for record in document.records {
            if case .event = record, surplus > 0 {
                surplus -= 1
                dropped["ev", default: 0] += 1
            } else {
                kept.append(record)
            }
        }
        return TraceDocument(kept)
    }

    /// Microseconds since the beginning; nil where times are not kept.
    var now: Double? {
        options.times ? Double((adj_clock() - start) / 10) / 100 : nil
    }

    mutating func put(_ record: TraceRecord) {
        if isFull {
            dropped[record.kind, default: 0] += 1
            return
        }
        sink.put(record)
    }

    private var isFull: Bool {
        guard let most = options.maxEvents, !options.keepsLatest else { return false }
        return keptEvents >= most
    }

    /// Writes an event down. Returns its index.
    @discardableResult
    mutating func put(_ body: TraceEvent.Body) -> Int {
        let index = nextEvent
        nextEvent += 1
        put(.event(TraceEvent(index: index, us: now, body)))
        keptEvents += 1
        if options.keepsLatest, let most = options.maxEvents, keptEvents > 2 * most,
            case .memory(let document) = sink
        {
            sink = .memory(latest(most, of: document))
            keptEvents = most
        }
        return index
    }

    /// "MulBackward". An operation's node has the name that its type gives it; any other its own.
    mutating func name(of node: Node) -> String {
        if node.observedInfo == nil { return node.name }
        let key = ObjectIdentifier(type(of: node))
        if let name = nodeNames[key] { return name }
        nodeNames[key] = node.name
        return node.name
    }

    /// Writes files and scopes down that were met for the first time.
    mutating func putFresh() {
        for file in sources.takeFresh() { put(.file(file)) }
        for scope in scopes.takeFresh() { put(.scope(scope)) }
    }

    /// The line that `call` came from.
    mutating func place(_ call: CallPlace?) -> SourceMap.Place {
        let place = sources.place(call)
        putFresh()
        return place
    }
}

/// The numbers of blocks of memory in this recording, by those that they have in the process.
struct StorageTable {
    private var ids = NumberTable<UInt32, (id: Int, isLeaf: Bool)>()
    private var count = 0

    mutating func id(of tag: UInt32, isLeaf: Bool) -> Int {
        if let known = ids[tag] {
            if isLeaf, !known.isLeaf { ids[tag] = (known.id, true) }
            return known.id
        }
        let id = count
        count += 1
        ids[tag] = (id, isLeaf)
        return id
    }

    /// True for the memory of a leaf that wants gradients, or of a parameter or buffer.
    func isLeaf(_ tag: UInt32) -> Bool { ids[tag]?.isLeaf ?? false }

    func knownID(_ tag: UInt32) -> Int? { ids[tag]?.id }
}

/// The names of types, which the runtime takes a while to tell.
private final class TypeNames: Sendable {
    private let names = Mutex<[ObjectIdentifier: String]>([:])

    func name(of type: Any.Type) -> String {
        names.withLock { names in
            if let name = names[ObjectIdentifier(type)] { return name }
            let name = "\(type)"
            names[ObjectIdentifier(type)] = name
            return name
        }
    }
}
