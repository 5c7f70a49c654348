/// What takes the place of the tensors that operations save: two callbacks of the user, or a
/// checkpoint's promise to compute them again.
final class SavedHooks: @unchecked Sendable {
    private let packBody: (@Sendable (Tensor) throws(TensorError) -> Any)?
    private let unpackBody: (@Sendable (Any) throws(TensorError) -> Tensor)?
    /// Why no hooks may be installed here.
    let refusal: String?
    /// The run that gathers tensors anew, inside a checkpoint's second forward.
    let recomputation: Recomputation?
    /// The hooks around these, and what wants to know that a value was read.
    private let outer: SavedHooks?
    private let onRead: (@Sendable () -> Void)?

    init(
        outer: SavedHooks?, recomputation: Recomputation? = nil,
        pack: @escaping @Sendable (Tensor) throws(TensorError) -> Any,
        unpack: @escaping @Sendable (Any) throws(TensorError) -> Tensor,
        onRead: (@Sendable () -> Void)? = nil
    ) {
        packBody = pack
        unpackBody = unpack
        refusal = outer?.refusal
        self.recomputation = recomputation
        self.outer = outer
        self.onRead = onRead
    }

    private init(outer: SavedHooks?, refusal: String?) {
        packBody = nil
        unpackBody = nil
        self.refusal = refusal
        recomputation = nil
        self.outer = outer
        onRead = nil
    }

    /// No hooks: tensors are saved as they are.
    static func none(outer: SavedHooks?) -> SavedHooks {
        SavedHooks(outer: outer, refusal: outer?.refusal)
    }

    /// No hooks, and a reason why none may be installed.
    static func refused(_ message: String, outer: SavedHooks?) -> SavedHooks {
        SavedHooks(outer: outer, refusal: message)
    }

    var isActive: Bool { packBody != nil }

    /// A number of a tensor left for the program, which may branch on it.
    func noteRead() {
        var hooks: SavedHooks? = self
        while let next = hooks {
            next.onRead?()
            hooks = next.outer
        }
    }

    /// Gives what `node` saved to the hooks. Numbers of expressions stay: they are no tensors to
    /// the user.
    func pack(_ node: Node) throws(TensorError) {
        guard isActive, let node = node as? SavingNode, node.keeping == .here,
            !node.saved.isEmpty
        else { return }
        let packed = PackedTensors()
        try node.saved.hand { (place, saved) throws(TensorError) in
            if saved.tensor!.flags.contains(.wrappedNumber) { return false }
            packed.entries.append((place, try self.packed(saved)))
            return true
        }
        if packed.entries.isEmpty { return }
        node.needNotes().packed = packed
        node.keeping = .packed
    }

    func packed(_ saved: SavedTensor) throws(TensorError) -> PackedTensor {
        let tensor = saved.tensor!.alias(linkedTo: Edge())
        let mode = Mode.current
        let outcome: Result<Any, TensorError> =
            mode.with(isGradEnabled: false, savedHooks: .none(outer: self)).run {
                do throws(TensorError) { return .success(try packBody!(tensor)) } catch {
                    return .failure(error)
                }
            }
        let value = try outcome.get()
        if tensor.writeCount != saved.version {
            throw TensorError(
                .inPlace,
                "a pack hook is modifying its input in place: the tensor that it was given is the "
                    + "one that the program goes on with; clone() it first",
                operation: "savedTensorsHooks")
        }
        return PackedTensor(value, self, saved)
    }

    fileprivate func unpack(_ value: Any) throws(TensorError) -> Tensor {
        let mode = Mode.current
        if mode.savedHooks !== self { return try unpackBody!(value) }
        // Within their own scope: what unpacking saves would be packed, and unpacked again in turn.
        return try mode.with(savedHooks: SavedHooks.none(outer: self)).run {
            () -> Result<Tensor, TensorError> in
            do throws(TensorError) { return .success(try unpackBody!(value)) } catch {
                return .failure(error)
            }
        }.get()
    }
}

/// What hooks made of one saved tensor.
final class PackedTensor: @unchecked Sendable {
    let value: Any
    private let hooks: SavedHooks
    let spec: TensorSpec
    private let device: Device
    /// Where the tensor lay: a hook that gives the same memory back is checked for writes.
    private weak var storage: Storage?
    private let version: Int

    init(_ value: Any, _ hooks: SavedHooks, _ saved: SavedTensor) {
        let tensor = saved.tensor!
        self.value = value
        self.hooks = hooks
        spec = tensor.spec
        device = tensor.device
        storage = tensor.storage
        version = saved.version
    }

    /// The tensor again, checked against what was saved.
    func unpacked(_ node: Node?, _ what: String) throws(TensorError) -> Tensor {
        let tensor = try hooks.unpack(value)
        if tensor.isPoisoned || Mode.current.isFailing { return tensor }
        let saver = node?.name ?? "checkpoint"
        if tensor.sizes != spec.sizes {
            throw mismatch(.shape, "shape \(tensor.shape)", "\(spec.sizes)", saver, what)
        }
        if tensor.dtype != spec.dtype {
            throw mismatch(.dtype, "dtype \(tensor.dtype)", "\(spec.dtype)", saver, what)
        }
        if tensor.device != device {
            throw mismatch(.device, "device \(tensor.device)", "\(device)", saver, what)
        }
        if let storage, storage === tensor.storage, tensor.writeCount != version, let node {
            var saved = SavedTensor(tensor)
            saved.version = version
            throw Modified.error(saved, node, what)
        }
        return tensor
    }

    private func mismatch(
        _ kind: TensorError.Kind, _ got: String, _ expected: String, _ saver: String, _ what: String
    ) -> TensorError {
        TensorError(
            kind,
            "an unpack hook returned a tensor of \(got) in place of the one that \(saver) saved "
                + "(\(what)), which has \(expected); give back what pack was given",
            operation: "savedTensorsHooks")
    }
}

/// What hooks hold for one node.
final class PackedTensors {
    fileprivate(set) var entries: [(place: Place, packed: PackedTensor)] = []

    /// Unpacks everything for one run of the derivative.
    func opened(_ node: SavingNode, _ recording: Bool) throws(TensorError) -> Saved {
        let live = LiveSaved()
        for (place, packed) in entries {
            let tensor = try packed.unpacked(node, place.text)
            switch place {
            case .input(let i):
                let edge = i < node.edges.count ? node.edges[i] : Edge()
                live.inputs[i] = recording ? tensor.alias(linkedTo: edge) : tensor
            case .output(let i):
                let edge = Edge(node: node, index: Int32(i))
                live.outputs[i] =
                    recording && tensor.dtype.isFloatingPoint
                    ? tensor.alias(linkedTo: edge) : tensor
            }
        }
        return Saved(live, of: node)
    }
}
