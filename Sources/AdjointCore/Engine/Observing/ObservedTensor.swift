import Synchronization

// What an observer may know of tensors and nodes beyond their public face.

/// Numbers for tensors that were observed, in the whole process.
private let tags = Atomic<UInt32>(0)
/// And for blocks of memory.
private let storageTags = Atomic<UInt32>(0)

/// What `tag` holds, and the next of `numbers` where that is 0.
private func numbered(_ tag: borrowing Atomic<UInt32>, from numbers: borrowing Atomic<UInt32>)
    -> UInt32
{
    let known = tag.load(ordering: .relaxed)
    if known != 0 { return known }
    let fresh = numbers.add(1, ordering: .relaxed).newValue
    let outcome = tag.compareExchange(expected: 0, desired: fresh, ordering: .relaxed)
    return outcome.exchanged ? fresh : outcome.original
}

extension Tensor {
    /// The number of this tensor object among those that were ever observed; 0 for one that was
    /// not. It dies with the object, so that nothing has to be kept alive to know it again.
    package var observedTag: UInt32 { tag.load(ordering: .relaxed) }

    /// The same, given out now if there is none yet.
    package func needObservedTag() -> UInt32 { numbered(tag, from: tags) }

    /// Makes this handle known as `other`.
    package func takeObservedTag(_ other: UInt32) {
        tag.store(other, ordering: .relaxed)
    }

    /// The block of memory, to be told from others.
    package var observedStorage: AnyObject { storage }
    /// The number of the block among those that were ever observed, given out now if there is none
    /// yet.
    package var observedStorageTag: UInt32 { numbered(storage.tag, from: storageTags) }
    package var observedStorageBytes: Int { storage.byteCount }
    /// A Swift number in an expression.
    package var isObservedNumber: Bool { flags.contains(.wrappedNumber) }
    /// True inside `vmap` for a tensor that stands for many samples.
    package var isObservedBatch: Bool { flags.contains(.batched) }
    /// The writes to the memory so far; 0 for an inference tensor.
    package var observedVersion: Int { writeCount }
    /// What made it, and which of its outputs it is; for a leaf the node that fills its `grad`.
    package var observedOrigin: (node: Node, output: Int)? {
        let edge = edge
        return edge.node.map { ($0, Int(edge.index)) }
    }
    /// The tensor that this one views.
    package var observedBase: Tensor? { base }

    /// Calls `body` with the elements as bytes, row-major without gaps; not where there are none, or
    /// no room for a copy that has no gaps.
    package func withDenseBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard !isPoisoned, !isBatched, device == .cpu, storage.memory != nil, numel > 0,
            let dense = try? CPU.dense(self, dtype)
        else { return }
        withExtendedLifetime(dense) {
            body(UnsafeRawBufferPointer(start: dense.pointer, count: numel * dtype.itemSize))
        }
    }

    /// True unless an element is NaN or infinite.
    package var isFinite: Bool { isPoisoned || isBatched || Anomaly.isFinite(self) }
}

extension Node {
    /// The number that no other node of the process has; nil for the sink of a leaf.
    package var observedNumber: UInt64? { sequence == .max ? nil : sequence }
    package var observedOperation: String? { operationName }
    package var observedOutputs: [TensorSpec] { (0..<outputCount).map(outputSpec) }
    package var observedWanted: InputSet { wanted }
    package var observedInputCount: Int { edges.count }

    /// What was saved: "input 0", the memory and the version.
    package var observedSaved: [(place: String, tensor: Tensor, version: Int)] {
        savedHere()
    }

    /// The shape of the tensor that input `i` was; nil where no gradient of it is wanted.
    package func observedInputShape(_ i: Int) -> [Int]? {
        guard i < edges.count, let next = edges[i].node else { return nil }
        return next.outputSpec(Int(edges[i].index)).sizes.array
    }
}

extension AccumulateGrad {
    /// The number of the leaf, as `Tensor.observedTag`; 0 where it was not observed.
    package var observedTag: UInt32 { tag.load(ordering: .relaxed) }
    package func takeObservedTag(_ other: UInt32) { tag.store(other, ordering: .relaxed) }
    package var observedSpec: TensorSpec { firstOutput }

    /// True where what arrives becomes the leaf's gradient as it is: there is none, and neither
    /// hooks nor another dtype stand in between.
    package var takesGradientsAsTheyCome: Bool {
        grad == nil && keepsArrivingType && hooks?.isEmpty != false
    }
}

extension Tensor {
    /// A number for a tensor that only its sink is known of.
    package static func freshObservedTag() -> UInt32 {
        tags.add(1, ordering: .relaxed).newValue
    }
}

extension Scalar {
    /// The number, as a trace writes it.
    package var observedNumber: Double { double }
}

extension Tensor {
    /// The ends of the graph behind this tensor, each once, in the order in which they are met.
    package var observedLeaves: [GradientEdge] {
        var found: [GradientEdge] = []
        var seen: Set<ObjectIdentifier> = []
        var stack = [edge.node].compactMap(\.self)
        while let node = stack.popLast() {
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            if node is AccumulateGrad { found.append(GradientEdge(leaf: node)) }
            for i in (0..<node.edges.count).reversed() {
                if let next = node.edges[i].node { stack.append(next) }
            }
        }
        return found
    }
}
