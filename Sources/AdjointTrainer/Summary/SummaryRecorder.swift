import AdjointCore
import AdjointNN
import Synchronization

/// Watches one call of a network, and says which row of the summary each operation belongs to:
/// - inside the call of a layer without parts, which its hooks announce, to that layer;
/// - elsewhere to the module whose own parameter it reads, unless that one announces its calls and
///   is not at work: a module need not know of hooks;
/// - else to a row of functions, one for each place between two layers, so that a loop has as many
///   rows as one turn of it.
final class SummaryRecorder: Sendable {
    /// A row as it grows.
    struct Draft {
        /// The place of the module; nil for functions.
        let place: Int?
        /// The path of the module around functions.
        let around: String
        var functions: [String] = []
        var shape: [Int]?
        var dtype: DType?
        var macs = 0
        var calls = 0
        var savedBytes = 0
        var savedTensors = 0
        var sharedTensors = 0
    }

    fileprivate struct Place: Hashable {
        let around: Int?
        let after: Int?
    }

    fileprivate struct State {
        var drafts: [Draft] = []
        /// The modules at work, innermost last, and all that have announced a call.
        var stack: [Int] = []
        var announced: Set<Int> = []
        var rowOfModule: [Int: Int] = [:]
        var rowOfFunctions: [Place: Int] = [:]
        /// The row of the operation at work, and the last row of a module.
        var current: Int?
        var lastModule: Int?
        /// The nodes, in the order in which they were made, and their rows.
        var nodes: [(node: Node, row: Int)] = []
        var largestBytes = 0
    }

    private let tree: ModuleTree
    private let state = Mutex(State())

    init(_ tree: ModuleTree) { self.tree = tree }

    /// Runs `body`, the call of the network, under watch.
    func watch(_ body: () -> Tensor) -> Tensor {
        let handles = tree.entries.enumerated().flatMap { place, entry in
            [
                entry.module.registerForwardPreHook { [unowned self] _, _ in
                    enter(place)
                    return nil
                },
                entry.module.registerForwardHook { [unowned self] _, _, outputs in
                    leave(place, outputs)
                    return nil
                },
            ]
        }
        defer { for handle in handles { handle.remove() } }
        return withOperationHook({ [unowned self] in note($0) }) {
            withNodeCreationHook({ [unowned self] in note($0) }, body)
        }
    }

    private func enter(_ place: Int) {
        state.withLock { state in
            state.stack.append(place)
            state.announced.insert(place)
            guard !tree.entries[place].hasChildren else { return }
            let row = state.row(ofModule: place)
            state.drafts[row].calls += 1
            state.current = row
        }
    }

    private func leave(_ place: Int, _ outputs: [Tensor]) {
        state.withLock { state in
            if let i = state.stack.lastIndex(of: place) { state.stack.removeSubrange(i...) }
            guard let row = state.rowOfModule[place], let output = outputs.first else { return }
            state.drafts[row].shape = output.shape
            state.drafts[row].dtype = output.dtype
            if tree.entries[place].hasChildren { state.drafts[row].calls += 1 }
        }
    }

    private func note(_ operation: AppliedOperation) {
        state.withLock { state in
            let owner = operation.sources.lazy.flatMap { [tree] in
                tree.owners[ObjectIdentifier($0)] ?? []
            }.first { state.stack.contains($0) || !state.announced.contains($0) }
            let name = type(of: operation.op).info.name
            let row: Int
            if let inner = state.stack.last, !tree.entries[inner].hasChildren {
                row = state.row(ofModule: inner)
            } else if let owner {
                row = state.row(ofModule: owner)
            } else {
                let around = state.stack.last
                row = state.row(ofFunctions: around, around.map { tree.entries[$0].name } ?? "")
                if !state.drafts[row].functions.contains(name), name != "to" {
                    state.drafts[row].functions.append(name)
                }
            }
            state.current = row
            let macs = operation.op.multiplyAdds(operation.inputs, operation.outputs)
            state.drafts[row].macs.add(macs)
            if let output = operation.outputs.first {
                state.drafts[row].shape = output.shape
                state.drafts[row].dtype = output.dtype
            }
            for output in operation.outputs {
                state.largestBytes = max(state.largestBytes, output.bytes)
            }
        }
    }

    private func note(_ node: Node) {
        state.withLock { state in
            // A node before the first operation is that of a view.
            if let row = state.current { state.nodes.append((node, row)) }
        }
    }

    /// The rows, with the bytes that the graph of `output` holds beside `own`, the blocks of
    /// parameters and buffers: each block for the operation that saved it first.
    func drafts(holding graph: Graph, beside own: Set<ObjectIdentifier>)
        -> (rows: [Draft], largestBytes: Int)
    {
        let held = Set(graph.nodes.compactMap(\.sequence))
        return state.withLock { state in
            var seen: Set<ObjectIdentifier> = []
            for (node, row) in state.nodes where held.contains(node.sequence) {
                for block in node.savedBlocks where !own.contains(block.id) {
                    let isNew = seen.insert(block.id).inserted
                    if isNew { state.drafts[row].savedBytes.add(block.bytes) }
                    state.drafts[row].savedTensors += 1
                    state.drafts[row].sharedTensors += isNew ? 0 : 1
                }
            }
            state.nodes = []
            return (state.drafts, state.largestBytes)
        }
    }
}

extension SummaryRecorder.State {
    fileprivate mutating func row(ofModule place: Int) -> Int {
        let row = rowOfModule[place] ?? drafts.count
        if row == drafts.count { drafts.append(.init(place: place, around: "")) }
        rowOfModule[place] = row
        lastModule = row
        return row
    }

    fileprivate mutating func row(ofFunctions around: Int?, _ name: String) -> Int {
        let place = SummaryRecorder.Place(around: around, after: lastModule)
        let row = rowOfFunctions[place] ?? drafts.count
        if row == drafts.count { drafts.append(.init(place: nil, around: name)) }
        rowOfFunctions[place] = row
        return row
    }
}
