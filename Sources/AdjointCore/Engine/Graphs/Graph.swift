/// What a tensor was computed by, as data: to print, to draw, to measure. A copy of the names and
/// numbers, which keeps nothing of the graph alive.
public struct Graph: Sendable {
    /// A tensor that a node keeps for its derivative.
    public struct Saved: Sendable, Hashable {
        /// "input 0", "output 0".
        public let place: String
        /// Its sizes.
        public let shape: [Int]
        /// The type of its elements.
        public let dtype: DType
        /// The bytes of the memory that it lies in; 0 where hooks keep it elsewhere.
        public let bytes: Int
        /// The number of that memory in this graph: equal numbers share it. Nil where `bytes` is 0.
        public let storage: Int?
        /// True for a leaf, whose memory would be there without the graph.
        public let isLeaf: Bool
        /// True where saved-tensor hooks or a checkpoint hold it.
        public let isPacked: Bool
    }

    /// A recorded operation, or a leaf.
    public struct Node: Sendable, Identifiable {
        /// Its position in `nodes`.
        public let id: Int
        /// "MulBackward"; "AccumulateGrad" for a leaf.
        public let name: String
        /// "mul"; nil for a leaf.
        public let operation: String?
        /// The order of creation; nil for a leaf.
        public let sequence: UInt64?
        /// Shapes and dtypes of what it computed.
        public let outputs: [TensorSpec]
        /// For each input the node that made it, and which of its outputs; nil where no gradient
        /// is wanted.
        public let inputs: [(node: Int, output: Int)?]
        /// What it keeps for its derivative, in the order of its places.
        public let saved: [Saved]
        /// "File.swift:12" where debugging was on.
        public let line: String?
        /// The modules whose call made it, outermost first, where debugging was on.
        public let modules: [String]
        /// A leaf's name among those that `graph(naming:)` was given.
        public let label: String?

        /// True where nothing that was recorded made it.
        public var isLeaf: Bool { sequence == nil }
        /// "[2, 3] float32", several joined by commas.
        public var shapes: String {
            outputs.map { "\($0.sizes) \($0.dtype)" }.joined(separator: ", ")
        }
    }

    /// Every node once: the root's first, then depth first along the inputs in order.
    public let nodes: [Node]
    /// True where at least one source line was recorded.
    public var hasLines: Bool { nodes.contains { $0.line != nil } }
}

extension Tensor {
    /// The graph that this tensor was computed by; without nodes where nothing was recorded.
    ///
    /// - Parameter naming: Names for leaves, such as `model.namedParameters()`.
    public func graph(naming: [(name: String, tensor: Tensor)] = []) -> Graph {
        var names: [ObjectIdentifier: String] = [:]
        for (name, tensor) in naming {
            if let node = tensor.edge.node { names[ObjectIdentifier(node)] = name }
        }
        return Graph(from: edge.node, names)
    }
}

extension Graph {
    fileprivate init(from root: AdjointCore.Node?, _ names: [ObjectIdentifier: String]) {
        guard let root else {
            nodes = []
            return
        }
        let order = Graph.order(from: root)
        var ids: [ObjectIdentifier: Int] = [:]
        for (i, node) in order.enumerated() { ids[ObjectIdentifier(node)] = i }
        SourceLines.prepare(order.compactMap { $0.notes?.made })
        var storages = Numbering()
        nodes = order.enumerated().map { i, node in
            let made = node.notes?.made
            return Node(
                id: i, name: node.name, operation: node.operationName,
                sequence: node.sequence == .max ? nil : node.sequence,
                outputs: (0..<node.outputCount).map(node.outputSpec),
                inputs: node.nextFunctions.map { next in
                    next.node.map { (node: ids[ObjectIdentifier($0)]!, output: next.index) }
                },
                saved: node.savedEntries().map { Saved($0, &storages) },
                line: made?.line, modules: made.map(SourceLines.modules) ?? [],
                label: names[ObjectIdentifier(node)])
        }
    }

    /// Depth first, without recursion: graphs are deep.
    private static func order(from root: AdjointCore.Node) -> [AdjointCore.Node] {
        var order: [AdjointCore.Node] = []
        var seen: Set<ObjectIdentifier> = []
        var stack = [root]
        while let node = stack.popLast() {
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            order.append(node)
            for i in (0..<node.edges.count).reversed() {
                if let next = node.edges[i].node { stack.append(next) }
            }
        }
        return order
    }

    /// Numbers for blocks of memory, in the order of first sight.
    fileprivate struct Numbering {
        private var numbers: [ObjectIdentifier: Int] = [:]

        mutating func number(_ storage: Storage) -> Int {
            let next = numbers.count
            let number = numbers[ObjectIdentifier(storage)] ?? next
            numbers[ObjectIdentifier(storage)] = number
            return number
        }
    }
}

/// One saved tensor of a node, wherever it is.
struct SavedEntry {
    let place: String
    var tensor: Tensor?
    var packed: PackedTensor?
}

extension Graph.Saved {
    fileprivate init(_ entry: SavedEntry, _ storages: inout Graph.Numbering) {
        let tensor = entry.tensor ?? entry.packed?.value as? Tensor
        let spec = entry.packed?.spec ?? tensor!.spec
        place = entry.place
        shape = spec.sizes.array
        dtype = spec.dtype
        bytes = tensor?.storage.byteCount ?? 0
        storage = tensor.flatMap { $0.storage.byteCount == 0 ? nil : storages.number($0.storage) }
        isLeaf =
            tensor.map { $0.flags.contains(.requiresGrad) || $0.producer is AccumulateGrad }
            ?? false
        isPacked = entry.packed != nil
    }
}

extension AdjointCore.Node {
    /// The blocks of memory that the tensors lie in which this node keeps; nothing of those that
    /// hooks or checkpoints hold elsewhere.
    package var savedBlocks: [(id: ObjectIdentifier, bytes: Int)] {
        savedEntries().compactMap { entry in
            (entry.tensor ?? entry.packed?.value as? Tensor).map {
                (id: $0.block, bytes: $0.storage.byteCount)
            }
        }
    }
}

extension Tensor {
    /// What the memory that this tensor lies in is known by.
    package var block: ObjectIdentifier { ObjectIdentifier(storage) }
}
