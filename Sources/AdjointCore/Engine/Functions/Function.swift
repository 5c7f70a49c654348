import Synchronization

/// An operation with a derivative of its own, written by the user of the library.
///
/// `forward` computes under `noGrad`; `backward` turns the gradients of the outputs into those of
/// the inputs, nil for an input that has none. An output that is an input, or views one, carries
/// this function's gradient and cannot be written in place.
public protocol Function: Sendable {
    /// The outputs for these inputs, one or more. What `backward` reads goes into the context:
    /// `context.saveForBackward(_:)`.
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor]
    /// The gradients of the inputs, one for each and nil for none, from those of the outputs. Each
    /// has its input's shape and dtype.
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?]
    /// Called after `forward`, for what the context is to keep; the place for it in a function
    /// with a `vmapRule`, in whose place `forward` is not called. Does nothing unless written.
    func setupContext(_ context: FunctionContext, _ inputs: [Tensor], _ outputs: [Tensor])
    /// The outputs for all samples of a `vmap` at once. Input `i` has the samples along dimension
    /// `inDims[i]`, or is shared by all of them where that is nil; `outDims` says the same of the
    /// outputs. With nil, the default, `vmap` derives it from `forward`. A function with this
    /// rule and without `setupContext` is mapped by `forward` where a derivative is taken inside.
    func vmapRule(_ info: VmapInfo, _ inDims: [Int?], _ inputs: [Tensor])
        -> (outputs: [Tensor], outDims: [Int?])?
    /// The tangents of the outputs from those of the inputs, nil for one that has none; an error
    /// unless it is written. It reads `savedTensors` as `backward` does.
    func jvp(_ context: FunctionContext, _ tangents: [Tensor?]) -> [Tensor?]
    /// True where `backward` itself must not be differentiated.
    static var isOnceDifferentiable: Bool { get }
}

extension Function {
    public static var isOnceDifferentiable: Bool { false }

    public func setupContext(
        _ context: FunctionContext, _ inputs: [Tensor], _ outputs: [Tensor]
    ) { context.lacksSetup = true }

    public func vmapRule(_ info: VmapInfo, _ inDims: [Int?], _ inputs: [Tensor])
        -> (outputs: [Tensor], outDims: [Int?])?
    { nil }

    public func jvp(_ context: FunctionContext, _ tangents: [Tensor?]) -> [Tensor?] {
        Failure.raise(
            TensorError(
                .autograd,
                "You must implement the jvp function for the custom Function \(Self.self) to use it "
                    + "with forward mode AD; write jvp(_:_:) beside backward",
                operation: "\(Self.self)"))
        return tangents.map { _ in nil }
    }

    /// Applies the function; for functions with one output.
    public func apply(_ inputs: Tensor...) -> Tensor {
        apply(inputs).first
            ?? Failure.poison(
                TensorError(
                    .argument, "\(Self.self).forward returned no output", operation: "\(Self.self)")
            )
    }

    /// Applies the function and returns all its outputs.
    public func apply(_ inputs: [Tensor]) -> [Tensor] {
        let mode = Mode.current
        let inputs = mode.exchange.map { inputs.map($0.standIn) } ?? inputs
        if mode.errors != nil || inputs.contains(where: \.isPoisoned),
            Door.isClosed(mode, inputs.contains(where: \.isPoisoned) ? .poisoned : [])
        {
            return inputs.map { Tensor.poisoned($0.sizes, $0.dtype) }
        }
        let context = FunctionContext(inputs)
        let records = mode.records && inputs.contains { $0.needsGrad }
        // What forward sees carries no tangents: they go by the function's own rule.
        let given = inputs.map { $0.isDual ? $0.alias() : $0 }
        var outputs =
            given.contains { $0.isBatched }
            ? mapped(context, given)
            : noGrad {
                let outputs = forward(context, given)
                setupContext(context, given, outputs)
                return outputs
            }
        if mode.isFailing { return outputs }
        if let error = context.dirtyError(outputs, records, "\(Self.self)") {
            Failure.raise(error)
            return outputs.map { Tensor.poisoned($0.sizes, $0.dtype) }
        }
        outputs = outputs.map { output in
            // An input that is returned as it came becomes a view with a history of its own.
            given.contains { $0 === output } && !context.isDirty(output)
                ? output.view(records: mode.records) : output
        }
        if mode.debug?.checksValues == true,
            let error = Anomaly.checkFunction("\(Self.self)", self, inputs, outputs)
        {
            Failure.raise(error)
            return outputs.map { Tensor.poisoned($0.sizes, $0.dtype) }
        }
        if records { context.record(self, inputs, given, outputs) }
        if inputs.contains(where: \.isDual) { context.push(self, inputs, outputs) }
        if let observer = mode.watchers.observer {
            observer.didApply(
                ObservedCall("\(Self.self)", nil, self, inputs, outputs, context.madeNode, mode))
        }
        context.forget()
        return outputs
    }
}

/// What a custom function keeps between its passes.
public final class FunctionContext: @unchecked Sendable {
    /// Which inputs want a gradient.
    public let needsInputGrad: [Bool]
    var kept: [Tensor] = []
    var dirty: [Tensor] = []
    var constant: [Tensor] = []
    private(set) var materializesGrads = true
    /// True after `setupContext` that nobody wrote.
    var lacksSetup = false
    /// Set for a backward pass.
    var unpacked: [Tensor]?
    fileprivate weak var node: KeepingNode?
    /// The node that was recorded.
    fileprivate var madeNode: Node? { node }

    init(_ inputs: [Tensor]) {
        needsInputGrad = inputs.map { $0.needsGrad }
    }

    init(needs: [Bool]) { needsInputGrad = needs }

    /// Keeps tensors for `backward`, where `savedTensors` gives them back after checking that
    /// nobody wrote to them.
    public func saveForBackward(_ tensors: Tensor...) { kept = tensors }

    /// The tensors of `saveForBackward`.
    public var savedTensors: [Tensor] { unpacked ?? kept }

    /// Says which inputs `forward` wrote to in place; it must return them.
    public func markDirty(_ tensors: Tensor...) { dirty += tensors }

    /// Says which outputs carry no gradient.
    public func markNonDifferentiable(_ tensors: Tensor...) { constant += tensors }

    /// With false, `backward` gets nil in place of zeros for outputs without a gradient.
    public func setMaterializeGrads(_ on: Bool) { materializesGrads = on }

    func isDirty(_ tensor: Tensor) -> Bool { dirty.contains { $0 === tensor } }

    fileprivate func record<F: Function>(
        _ function: F, _ inputs: [Tensor], _ given: [Tensor], _ outputs: [Tensor]
    ) {
        guard !outputs.isEmpty else { return }
        let node = FunctionNode(function, self, inputs, given, outputs, kept)
        self.node = node
        let mode = Mode.current
        mode.debug?.note(node)
        do throws(TensorError) {
            if let hooks = mode.savedHooks, hooks.isActive { try node.pack(hooks) }
        } catch {
            Failure.raise(error)
        }
        for (i, output) in outputs.enumerated()
        where output.dtype.isFloatingPoint && !constant.contains(where: { $0 === output }) {
            if output.base == nil {
                output.relink(node, i)
            } else if isDirty(output) {
                // The view's base was written through it.
                Door.rebase(output, on: node)
            } else {
                output.relink(node, i)
                output.flags.insert(.functionView)
            }
        }
        mode.watchers.nodeHook?.call(node)
    }

    /// What is wrong with the tensors that were marked dirty.
    fileprivate func dirtyError(_ outputs: [Tensor], _ records: Bool, _ operation: String)
        -> TensorError?
    {
        for tensor in dirty {
            if !outputs.contains(where: { $0 === tensor }) {
                return TensorError(
                    .argument,
                    "Some elements marked as dirty during the forward method were not returned as "
                        + "output; return every tensor that was given to markDirty",
                    operation: operation)
            }
            if !records { continue }
            let isView = tensor.base != nil
            if (isView ? tensor.base! : tensor).flags.contains(.requiresGrad),
                (isView ? tensor.base! : tensor).producer == nil
            {
                return TensorError(
                    .inPlace,
                    "a \(isView ? "view of a " : "")leaf tensor that requires grad is being used in "
                        + "an in-place operation: \(operation) marked it dirty; give it a clone()",
                    operation: operation)
            }
            if isView, outputs.count > 1 {
                return TensorError(
                    .inPlace,
                    "\(operation) modifies in place an input that is a view of another tensor, and "
                        + "returns more than one tensor; its history cannot be told. Give it a "
                        + "clone(), or return one tensor", operation: operation)
            }
        }
        return nil
    }

    /// What only the forward pass needs: tensors that hold the node, which holds this.
    fileprivate func forget() {
        if node != nil { kept = [] }
        dirty = []
        constant = []
    }

    fileprivate func push<F: Function>(_ function: F, _ inputs: [Tensor], _ outputs: [Tensor]) {
        Door.pushFunction(Operands(inputs), outputs) { tangents in
            function.jvp(self, tangents)
        }
        node?.keepTangents(outputs)
    }
}

/// What a context sees of its node.
private class KeepingNode: Node, @unchecked Sendable {
    /// The outputs got their tangents after they were kept.
    func keepTangents(_ outputs: [Tensor]) {}
    /// Hands what is kept to saved-tensor hooks.
    func pack(_ hooks: SavedHooks) throws(TensorError) {}
}

/// The node of a custom function.
private final class FunctionNode<F: Function>: KeepingNode, @unchecked Sendable {
    private enum Role {
        case input(Int)
        case output(Int)
        case intermediate
    }

    private struct Kept {
        let role: Role
        var saved: SavedTensor
        /// What saved-tensor hooks hold in its place.
        var packed: PackedTensor?
    }

    private let function: F
    private let context: FunctionContext
    private var kept: [Kept] = []
    private var isFreed = false
    private let device: Device
    private let inputDevices: [Device]

    init(
        _ function: F, _ context: FunctionContext, _ inputs: [Tensor], _ given: [Tensor],
        _ outputs: [Tensor], _ saved: [Tensor]
    ) {
        self.function = function
        self.context = context
        device = outputs[0].device
        inputDevices = inputs.map(\.device)
        super.init(output: outputs[0].spec)
        moreOutputs = outputs.dropFirst().map(\.spec)
        if !inputs.isEmpty { _ = link(Operands(inputs)) }
        kept = saved.map { tensor in
            if let i = outputs.firstIndex(where: { $0 === tensor }) {
                return Kept(role: .output(i), saved: SavedTensor(tensor.outputAlias))
            }
            if let i = given.firstIndex(where: { $0 === tensor }) {
                return Kept(role: .input(i), saved: SavedTensor(inputs[i].forSaving))
            }
            return Kept(role: .intermediate, saved: SavedTensor(tensor.outputAlias))
        }
    }

    override var name: String { "\(F.self)Backward" }
    override var operationName: String? { "\(F.self)" }
    override var runsWithoutGradients: Bool { context.materializesGrads }

    override func keepTangents(_ outputs: [Tensor]) {
        for entry in kept {
            if case .output(let i) = entry.role {
                entry.saved.tensor?.borrowTangents(from: outputs[i])
            }
        }
    }

    override func releaseSaved() {
        if kept.isEmpty { return }
        kept = []
        isFreed = true
    }

    override func pull(_ cotangents: TensorSlots, _ wanted: InputSet, recording: Bool)
        throws(TensorError) -> TensorSlots
    {
        if isFreed { throw Freed.error(self) }
        var saved: [Tensor] = []
        for entry in kept { saved.append(try unpack(entry, recording)) }
        var gradients = cotangents.array(count: outputCount)
        if context.materializesGrads {
            for i in gradients.indices where gradients[i] == nil {
                gradients[i] = Tangents.zeros(outputSpec(i), device)
            }
        }
        // One context a pass: several may run at once.
        let passing = FunctionContext(needs: context.needsInputGrad)
        passing.unpacked = saved
        var results = function.backward(passing, gradients)
        while results.count > edges.count, results.last! == nil { results.removeLast() }
        if results.count != edges.count {
            throw TensorError(
                .argument,
                "function \(name) returned an incorrect number of gradients (expected "
                    + "\(edges.count), got \(results.count)); return one for each input, nil "
                    + "for none", operation: "\(F.self)")
        }
        for (i, result) in results.enumerated() {
            if let result, result.device != inputDevices[i], edges[i].node != nil {
                throw TensorError(
                    .device,
                    "function \(name) returned an invalid gradient at index \(i): expected device "
                        + "\(inputDevices[i]) but got \(result.device)", operation: "\(F.self)")
            }
        }
        if recording, F.isOnceDifferentiable {
            let message =
                "\(F.self) is once differentiable: trying to differentiate twice "
                + "through its backward"
            results = results.map { result in
                result.map {
                    let node = BarrierNode(edges, gradients, $0.spec, message)
                    return $0.alias(linkedTo: Edge(node: node))
                }
            }
        }
        return TensorSlots(results)
    }

    private func unpack(_ entry: Kept, _ recording: Bool) throws(TensorError) -> Tensor {
        let tensor: Tensor
        if let packed = entry.packed {
            tensor = try packed.unpacked(self, "tensor of saveForBackward")
        } else {
            tensor = try checked(entry.saved)
        }
        switch entry.role {
        case .input(let i):
            return recording && edges[i].node != nil ? tensor.alias(linkedTo: edges[i]) : tensor
        case .output(let i):
            return recording ? tensor.alias(linkedTo: Edge(node: self, index: Int32(i))) : tensor
        case .intermediate:
            if !recording || !tensor.dtype.isFloatingPoint { return tensor }
            let node = BarrierNode(
                edges, [], tensor.spec,
                "\(F.self) saved a tensor that is neither an input nor an output, and "
                    + "its backward is differentiated: the dependence of that tensor on the "
                    + "inputs is unknown. Save the inputs and compute it again in backward")
            return tensor.alias(linkedTo: Edge(node: node))
        }
    }

    override func savedEntries() -> [SavedEntry] {
        kept.enumerated().map { i, entry in
            SavedEntry(place: "saved \(i)", tensor: entry.saved.tensor, packed: entry.packed)
        }
    }

    override func pack(_ hooks: SavedHooks) throws(TensorError) {
        for i in kept.indices {
            kept[i].packed = try hooks.packed(kept[i].saved)
            kept[i].saved = SavedTensor()
        }
    }

    private func checked(_ saved: SavedTensor) throws(TensorError) -> Tensor {
        let tensor = saved.tensor!
        if tensor.writeCount == saved.version { return tensor }
        throw Modified.error(saved, self, "tensor of saveForBackward")
    }
}

extension Tensor {
    /// Another handle on these elements that views them.
    fileprivate func view(records: Bool) -> Tensor {
        let view = alias(linkedTo: Edge())
        if isBatched { return view }
        view.base = base ?? self
        view.producerVersion = storage.version
        if !records { view.flags.insert(.noGradView) }
        return view
    }
}
