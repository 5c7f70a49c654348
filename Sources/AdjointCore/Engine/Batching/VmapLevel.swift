import Synchronization

/// What random operations do inside `vmap`.
public enum VmapRandomness: Sendable {
    /// They are errors: whether samples share their numbers must be said.
    case error
    /// Every sample sees the same numbers.
    case same
    /// Every sample has numbers of its own.
    case different
}

/// One call of a function under `vmap`: how many samples go through it together. Levels nest, and
/// end with the call.
final class VmapLevel: Sendable {
    /// Later levels are inner ones; counted together with the levels of forward mode.
    let depth: Int
    let size: Int
    let randomness: VmapRandomness
    /// The level around this one.
    let outer: VmapLevel?
    private let ended = Atomic<Bool>(false)

    init(size: Int, randomness: VmapRandomness = .error, outer: VmapLevel? = nil) {
        depth = ForwardLevel.nextDepth()
        self.size = size
        self.randomness = randomness
        self.outer = outer
    }

    var isActive: Bool { !ended.load(ordering: .relaxed) }

    func end() { ended.store(true, ordering: .relaxed) }
}

/// What a batched tensor stands for: all samples of a level in one tensor, the batch dimension
/// first. That tensor has the history, the tangents and the levels that lie outside this one.
struct Batched {
    let level: VmapLevel
    var value: Tensor
}

extension Tensor {
    /// The handle by which a function under `vmap` sees one sample of `value`. It has the shape of
    /// a sample and no memory: whatever is done with it is done to all samples of `value`.
    ///
    /// - Parameter storage: That of the batched tensor that this one views, whose writes it shares.
    convenience init(batch value: Tensor, _ level: VmapLevel, storage: Storage? = nil) {
        let row = value.layout.withoutFirst()
        if value.flags.contains(.poisoned) {
            self.init(Storage.absent(), Layout(contiguous: row.sizes), value.dtype, .cpu, .poisoned)
            return
        }
        self.init(
            storage ?? Storage.absent(), row, value.dtype, value.device,
            value.flags.intersection(.inference).union(.batched))
        let state = AutogradState()
        state.batch = Batched(level: level, value: value)
        self.state = state
    }

    /// What this tensor stands for at its innermost level of `vmap`.
    var batch: Batched? { flags.contains(.batched) ? state?.batch : nil }

    /// True for the handle of a batch, inside `vmap`.
    package var isBatched: Bool { flags.contains(.batched) }

    /// All samples of this tensor, the batch dimension first; nil where they do not differ at
    /// `level`.
    func value(at level: VmapLevel) -> Tensor? {
        guard let batch, batch.level === level else { return nil }
        return batch.value
    }

    /// The tensor with memory that a batched one stands for, through all levels.
    var underlying: Tensor {
        var tensor = self
        while let batch = tensor.batch { tensor = batch.value }
        return tensor
    }

    /// True where this tensor, or what it stands for at an outer level, has a history.
    var needsGradAtAnyLevel: Bool {
        var tensor = self
        while true {
            if tensor.needsGrad { return true }
            guard let batch = tensor.batch else { return false }
            tensor = batch.value
        }
    }

    /// Makes this new handle one of the batch that `other` stands for.
    func copyBatch(from other: Tensor) {
        guard let batch = other.batch else { return }
        let state = state ?? AutogradState()
        state.batch = batch
        self.state = state
        flags.insert(.batched)
    }

    /// The same batch without history at any level.
    func detachedBatch(_ batch: Batched) -> Tensor {
        Tensor(batch: batch.value.detach(), batch.level, storage: storage)
    }
}

extension Layout {
    /// The part at the first position of the first dimension.
    func withoutFirst() -> Layout {
        var (sizes, strides) = (
            Dims(repeating: 0, count: rank - 1), Dims(repeating: 0, count: rank - 1)
        )
        for i in 1..<Swift.max(rank, 1) {
            sizes[i - 1] = self.sizes[i]
            strides[i - 1] = self.strides[i]
        }
        return Layout(sizes: sizes, strides: strides, offset: offset)
    }

    /// So many of this layout along a new first dimension.
    func withFirst(_ size: Int, stride: Int) -> Layout {
        var (sizes, strides) = (
            Dims(repeating: size, count: rank + 1), Dims(repeating: stride, count: rank + 1)
        )
        for i in 0..<rank {
            sizes[i + 1] = self.sizes[i]
            strides[i + 1] = self.strides[i]
        }
        return Layout(sizes: sizes, strides: strides, offset: offset)
    }
}

extension TensorError {
    /// What reading the elements of a batched tensor gives.
    static func dependsOnData(_ operation: String) -> TensorError {
        TensorError(
            .argument,
            "It looks like you're attempting to use a Tensor in some data-dependent control flow, "
                + "or to read it (.item(), .array()), inside vmap: \(operation) needs a value that "
                + "differs between the samples. Choose with Tensor.where, which computes both "
                + "branches, or call \(operation) outside vmap", operation: operation)
    }

    /// What an operation gives whose result would have another shape for every sample.
    static func dynamicShape(_ operation: String) -> TensorError {
        TensorError(
            .argument,
            "vmap does not support operations whose result has a dynamic shape: \(operation) "
                + "would give another shape for every sample, which is data-dependent control "
                + "flow. Use Tensor.where or maskedFill, which keep the shape", operation: nil)
    }
}
