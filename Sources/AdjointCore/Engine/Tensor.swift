import Synchronization

/// An n-dimensional array of numbers, and its place in the graph of what computed it.
///
/// Tensors are references: an in-place operation (`add_`, `+=`, `t[0] = ...`) changes every alias.
/// Sharing a tensor between tasks is safe while none of them writes to it in place.
public class Tensor: Block, @unchecked Sendable {
    /// What a tensor is beside its numbers.
    struct Flags: OptionSet {
        let rawValue: UInt16
        /// A leaf that wants gradients.
        static let requiresGrad = Flags(rawValue: 1)
        /// Made in inference mode.
        static let inference = Flags(rawValue: 2)
        /// A Swift number in an expression: it weighs less than any tensor in promotion.
        static let wrappedNumber = Flags(rawValue: 4)
        /// The result of a failed operation.
        static let poisoned = Flags(rawValue: 8)
        /// Carries forward-mode tangents.
        static let dual = Flags(rawValue: 16)
        /// A view made where nothing was recorded.
        static let noGradView = Flags(rawValue: 32)
        /// One of several views that one operation returned.
        static let multiView = Flags(rawValue: 64)
        /// Stands for many samples, inside `vmap`; has no memory of its own.
        static let batched = Flags(rawValue: 128)
        /// A view that a custom function returned: its history is that function's alone.
        static let functionView = Flags(rawValue: 256)
        /// A view made in inference mode of a tensor that was not; comes with `noGradView`.
        static let inferenceView = Flags(rawValue: 512)

        /// True where nothing but the wish for a gradient sets a tensor apart.
        var isPlain: Bool { rawValue & ~Flags.requiresGrad.rawValue == 0 }
    }

    @exclusivity(unchecked) final var flags: Flags
    /// Which output of `producer` this is.
    @exclusivity(unchecked) final var outputIndex: Int32 = 0
    /// The number of a tensor that was observed. It lies in a gap of the object.
    final let tag = Atomic<UInt32>(0)
    /// See `producerVersion`.
    final let producedAt = Atomic<Int>(0)
    /// What computed this tensor; nil for a leaf. Read it through `currentProducer`.
    @exclusivity(unchecked) final var producer: Node?
    /// The tensor whose storage this views; nil for a tensor that owns its storage's first use.
    @exclusivity(unchecked) final var base: Tensor?
    /// What few tensors have: a gradient, hooks, tangents.
    @exclusivity(unchecked) final var state: AutogradState?

    init(_ storage: Storage, _ layout: Layout, _ dtype: DType, _ device: Device, _ flags: Flags) {
        self.flags = flags
        super.init(storage, layout, dtype, device)
    }

    override init(_ storage: Storage, _ layout: Layout, _ dtype: DType, _ device: Device) {
        flags = []
        super.init(storage, layout, dtype, device)
    }

    /// Another handle on the same elements, for subclasses.
    init(aliasing other: Tensor) {
        flags = other.flags.intersection([.inference, .poisoned])
        super.init(other.storage, other.layout, other.dtype, other.device)
        copyBatch(from: other)
    }

    deinit {
        if producer != nil { Reaper.release(&producer) }
    }

    /// What a failed operation gives: a shape, and no elements.
    static func poisoned(_ sizes: Dims, _ dtype: DType) -> Tensor {
        let sizes = sizes.checkedProduct == nil || sizes.contains { $0 < 0 } ? [] : sizes
        return Tensor(Storage.absent(), Layout(contiguous: sizes), dtype, .cpu, .poisoned)
    }
}

extension Tensor {
    /// True where this tensor shares the memory of another that it was made from.
    public var isView: Bool { base != nil }
    /// The number of in-place writes to this memory so far, counted over all that share it.
    ///
    /// - Errors: `.autograd` for an inference tensor, whose writes nobody counts; 0 then.
    public var version: Int {
        if flags.contains(.inference), !isPoisoned {
            Failure.raise(
                TensorError(
                    .autograd,
                    "Inference tensors do not track version counter: this one was made in "
                        + "inferenceMode; clone() it outside to have its writes counted",
                    operation: "version"))
        }
        return writeCount
    }

    /// The same for every tensor; 0 for an inference tensor.
    var writeCount: Int { flags.contains(.inference) ? 0 : storage.version }

    /// True for a tensor made in inference mode.
    public var isInference: Bool { flags.contains(.inference) }
    /// Which output of `gradFn` this is.
    public var outputNr: Int { currentProducer == nil ? 0 : Int(outputIndex) }

    /// The storage's version for which `producer` is right; only views look at it. Set after
    /// `producer`, and read before it: one task may read a view that another brings up to date.
    @inline(__always)
    final var producerVersion: Int {
        get { producedAt.load(ordering: .acquiring) }
        set { producedAt.store(newValue, ordering: .releasing) }
    }

    var spec: TensorSpec { TensorSpec(layout.sizes, dtype) }
    /// True for the result of a failed operation, which holds no elements.
    package var isPoisoned: Bool { flags.contains(.poisoned) }

    /// A new handle on the same storage, with no history.
    func alias() -> Tensor {
        let alias = Tensor(
            storage, layout, dtype, device, flags.intersection([.inference, .poisoned]))
        if flags.contains(.batched) { alias.copyBatch(from: self) }
        return alias
    }
}
