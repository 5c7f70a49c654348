import Synchronization

/// Which dtype a leaf's gradients are kept in.
enum GradientType: Equatable {
    /// That of the leaf.
    case own
    /// Whatever arrives.
    case any
    case fixed(DType)

    /// The dtype for a leaf of `own`; nil where any will do.
    func dtype(of own: DType) -> DType? {
        switch self {
        case .own: own
        case .any: nil
        case .fixed(let dtype): dtype
        }
    }
}

/// What few tensors have beside their numbers: leaves that want gradients, tensors that retain
/// theirs, carriers of tangents.
///
/// The tensor holds its state, the state holds the sink, and graphs hold the sink: nothing in a
/// graph reaches a tensor or its gradient, so no cycle keeps either alive.
final class AutogradState: @unchecked Sendable {
    /// The gradient, and how many passes read it outside of the lock: while any does, nobody adds
    /// to it in place.
    private struct Held {
        var gradient: Tensor?
        var readers = 0
    }

    private let held = Mutex(Held())
    /// Where a leaf's gradients arrive.
    @exclusivity(unchecked) var sink: AccumulateGrad?
    /// The alias that nodes keep in the tensor's place.
    private let alias = Mutex<Tensor?>(nil)
    var retainsGrad = false
    var gradientType = GradientType.own
    @exclusivity(unchecked) var tangents: [(level: ForwardLevel, tangent: Tensor)] = []
    /// What a batched tensor stands for, inside `vmap`.
    @exclusivity(unchecked) var batch: Batched?
    /// True for the variable of a transform: nobody could read a gradient that ended in it.
    var isVariable = false
    /// On a gradient on its way: where a choice has switched it off, as of which version.
    var switchedOff: (positions: Tensor, version: Int)?
    /// Views of this tensor that carry tangents, so that a write can reach theirs.
    var dualViews: [WeakTensor] = []
    /// Set where a hook wants the leaf itself.
    weak var leaf: Tensor?

    deinit { sink?.forgetLeaf() }

    var grad: Tensor? {
        get { held.withLock { $0.gradient } }
        set {
            let old = held.withLock { held in
                defer { held.gradient = newValue }
                return held.gradient
            }
            withExtendedLifetime(old) {}
        }
    }

    /// The gradient, which stays as it is until `endReading`.
    fileprivate func beginReading() -> Tensor? {
        held.withLock {
            $0.readers += 1
            return $0.gradient
        }
    }

    /// Puts `new` in the place of the gradient that was read, unless there is another by now.
    fileprivate func endReading(_ old: Tensor?, replacingBy new: Tensor) -> Bool {
        held.withLock {
            $0.readers -= 1
            if $0.gradient !== old { return false }
            $0.gradient = new
            return true
        }
    }

    /// Makes the gradient what `sum` makes of it, outside of the lock: nodes that it makes may have
    /// hooks, which may read the gradient. Done again where another thread has come between.
    func exchangeGrad(_ sum: (Tensor?) -> Tensor) -> (old: Tensor?, new: Tensor) {
        while true {
            let old = beginReading()
            let new = sum(old)
            if endReading(old, replacingBy: new) { return (old, new) }
        }
    }

    /// Changes the gradient under the lock, so that passes on several threads add up exactly. What it
    /// is may be written to unless it `isRead`.
    func updateGrad(_ body: (_ gradient: inout Tensor?, _ isRead: Bool) -> Void) {
        held.withLock { body(&$0.gradient, $0.readers > 0) }
    }

    /// Converts a gradient to the dtype that the leaf keeps, without another reference to it.
    fileprivate func keep(_ gradient: inout Tensor?) {
        guard case .fixed(let dtype) = gradientType, gradient?.dtype != dtype else { return }
        gradient = gradient?.to(dtype)
    }

    func savedAlias(of tensor: Tensor) -> Tensor? {
        // A view is re-linked on every write, and tangents come and go: make those anew.
        if tensor.base != nil || !tangents.isEmpty || sink == nil { return nil }
        return alias.withLock { slot in
            if let alias = slot { return alias }
            let alias = tensor.alias(linkedTo: tensor.edge)
            slot = alias
            return alias
        }
    }

    func dropAlias() { alias.withLock { $0 = nil } }
}

struct WeakTensor { weak var tensor: Tensor? }

/// The node in which a leaf's gradients end: they are added to its `grad`.
package final class AccumulateGrad: Node, @unchecked Sendable {
    /// The leaf's state, without owning it; nil once the leaf is gone. Guarded by the lock, which
    /// the state takes as it dies: a weak reference would slow every count on it.
    private let leaf: Mutex<Unmanaged<AutogradState>?>
    /// The number of an observed leaf.
    let tag = Atomic<UInt32>(0)

    init(_ spec: TensorSpec, _ state: AutogradState) {
        leaf = Mutex(Unmanaged.passUnretained(state))
        super.init(sequence: .max, output: spec)
    }

    override package var name: String { "AccumulateGrad" }

    func forgetLeaf() { leaf.withLock { $0 = nil } }

    /// The leaf's gradient; nil too where the leaf is gone.
    var grad: Tensor? {
        get { leaf.withLock { $0?._withUnsafeGuaranteedRef { $0.grad } } }
        set { leaf.withLock { $0?._withUnsafeGuaranteedRef { $0.grad = newValue } } }
    }

    /// True where the leaf itself was made inside `level`.
    private func isInside(_ level: VmapLevel) -> Bool {
        leaf.withLock {
            $0?._withUnsafeGuaranteedRef { $0.batch?.level === level } ?? true
        }
    }

    /// True where a transform differentiates with respect to the leaf.
    private var isVariable: Bool {
        leaf.withLock { $0?._withUnsafeGuaranteedRef { $0.isVariable } ?? false }
    }

    private func isLost() {
        Failure.raise(
            TensorError(
                .autograd,
                "backward() called inside a function that grad, vjp or another transform "
                    + "differentiates reached an argument of that function, whose gradient is the "
                    + "transform's to return. Use grad(of:wrt:) or a transform inside it, or call "
                    + "backward() outside", operation: "backward"))
    }

    private func leaks() {
        Failure.raise(
            TensorError(
                .autograd,
                "backward() inside vmap reached a leaf that all samples share, and there is a "
                    + "gradient for every sample; use grad(of:wrt:), which returns them, or call "
                    + "backward() outside vmap", operation: "backward"))
    }

    /// True where the leaf keeps gradients in the dtype in which they arrive.
    var keepsArrivingType: Bool {
        leaf.withLock {
            $0?._withUnsafeGuaranteedRef {
                if case .fixed = $0.gradientType { false } else { true }
            } ?? true
        }
    }

    /// A gradient in the dtype that the leaf keeps.
    private func kept(_ gradient: Tensor) -> Tensor {
        let type = leaf.withLock { $0?._withUnsafeGuaranteedRef { $0.gradientType } }
        guard case .fixed(let dtype) = type else { return gradient }
        return Tangents.cast(gradient, to: dtype)
    }

    /// Adds what has arrived to the leaf's gradient. Out of place where the sum itself must be
    /// differentiable. The first gradient is moved there, which is why it is no plain argument.
    func accumulate(
        _ arrived: inout Tensor?, recording: Bool, _ observation: (any PassObserver)? = nil
    ) {
        if let batch = arrived!.batch, !isInside(batch.level) { return leaks() }
        if isVariable { return isLost() }
        if arrived?.state != nil { arrived = arrived?.unmarked }
        observation?.willAccumulate(kept(arrived!), into: .leaf(self), before: grad)
        let tensor = recording ? addRecorded(&arrived) : add(&arrived)
        observation?.didAccumulate(grad)
        if let hooks, let tensor { hooks.runPostAccumulate(tensor) }
    }

    /// Adds to the leaf's gradient; returns the leaf, where a hook wants it.
    private func add(_ arrived: inout Tensor?) -> Tensor? {
        leaf.withLock { state -> Tensor? in
            state?._withUnsafeGuaranteedRef { state in
                state.keep(&arrived)
                state.updateGrad { slot, isRead in
                    guard let old = slot else {
                        slot = Tangents.owned(&arrived, recording: false)
                        return
                    }
                    if old.requiresGrad || isRead {
                        slot = Tangents.sum(old, arrived!)
                    } else {
                        Tangents.add(arrived!, into: old)
                    }
                }
                return state.leaf
            }
        }
    }

    /// The same with a sum that is recorded: outside of the locks, since the nodes that it makes
    /// may have hooks, which may read the gradient.
    private func addRecorded(_ arrived: inout Tensor?) -> Tensor? {
        var gradient = kept(arrived.take()!)
        var isOwned = false
        while true {
            let old = leaf.withLock { $0?._withUnsafeGuaranteedRef { $0.beginReading() } }
            if old == nil, !isOwned {
                var held: Tensor? = gradient
                gradient = Tangents.none
                gradient = Tangents.owned(&held, recording: true)
                isOwned = true
            }
            let new = old.map { Tangents.sum($0, gradient) } ?? gradient
            let (isDone, tensor) = leaf.withLock { state -> (Bool, Tensor?) in
                state?._withUnsafeGuaranteedRef {
                    ($0.endReading(old, replacingBy: new), $0.leaf)
                }
                    ?? (true, nil)
            }
            if isDone { return tensor }
        }
    }
}
