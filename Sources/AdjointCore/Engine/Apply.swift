// The door: every operation passes through `apply`, which checks devices, computes, records and
// differentiates forward. Rooms say what an operation is; nothing else calls their kernels.

/// Applies an operation with one result.
public func apply<Op: Operator>(_ op: Op, _ inputs: consuming Operands) -> Tensor {
    var inputs = inputs
    let mode = Mode.current
    if mode.changesOperands { inputs = Door.changed(Op.self, inputs, mode) }
    let flags = inputs.flags
    if mode.errors != nil || flags.contains(.poisoned), Door.isClosed(mode, flags) {
        return Door.closed(op, inputs, mode)
    }
    do throws(TensorError) {
        let device = try Door.device(of: inputs)
        let spec = try op.result(inputs)
        let records =
            mode.records && spec.dtype.isFloatingPoint && inputs.anyRequiresGrad
            && Op.differentiability != .constant
        if records { try Door.checkRecordable(op, flags, mode) }
        let output: Tensor
        if flags.contains(.batched) {
            output = try Door.batched(op, inputs, spec)
        } else {
            if Op.worksInPlace, !mode.isWatched,
                let storage = inputs.takeOver(spec, op, records, flags)
            {
                storage.renew()
                output = Tensor(storage, Layout(contiguous: spec.sizes), spec.dtype, device)
            } else {
                try Door.checkRoom(spec.sizes, spec.dtype, device)
                output = Tensor(empty: spec.sizes, spec.dtype, device)
            }
            if device == .cpu, !mode.isWatched || !Door.skips(op, inputs, mode) {
                try op.compute(inputs, into: output)
            }
        }
        if mode.isInference { output.flags.insert(.inference) }
        if records { output.producer = OpNode(op, inputs, output) }
        if flags.contains(.dual) { Door.push(op, inputs, output) }
        if mode.isWatched { try Door.watch(op, inputs, output, mode) }
        return output
    } catch {
        return Failure.poison(
            Door.named(error, Op.info), like: inputs.first.sizes, inputs.first.dtype)
    }
}

/// Applies a function of two numbers to small tensors of equal shape without any detour: for them
/// the door costs more than the arithmetic. Everything else goes the whole way.
@inline(__always)
public func apply<Op: Operator & BinaryFunction>(
    _ op: Op, _ a: consuming Tensor, _ b: Tensor
) -> Tensor {
    if let output = Door.quick(op, a, b) { return output }
    return apply(op, Operands(a, b))
}

/// Applies an operation with several results.
public func apply<Op: MultiOperator>(_ op: Op, _ inputs: Operands) -> [Tensor] {
    let mode = Mode.current
    let inputs = mode.changesOperands ? Door.changed(Op.self, inputs, mode) : inputs
    let flags = inputs.flags
    if mode.errors != nil || flags.contains(.poisoned), Door.isClosed(mode, flags) {
        return Door.closed(op, inputs, mode)
    }
    do throws(TensorError) {
        let device = try Door.device(of: inputs)
        let specs = try op.results(inputs)
        let records = mode.records && inputs.anyRequiresGrad && Op.differentiability != .constant
        if records { try Door.checkRecordable(op, flags, mode) }
        for spec in specs { try Door.checkRoom(spec.sizes, spec.dtype, device) }
        let outputs: [Tensor]
        if flags.contains(.batched) {
            outputs = try Door.batched(op, inputs, specs)
        } else {
            outputs = specs.map { Tensor(empty: $0.sizes, $0.dtype, device) }
            if mode.isWatched { mode.startClock() }
            if device == .cpu { try op.compute(inputs, into: outputs) }
        }
        if mode.isInference { for output in outputs { output.flags.insert(.inference) } }
        if records, !outputs.isEmpty {
            let node = MultiOpNode(op, inputs, outputs)
            for (i, output) in outputs.enumerated()
            where output.dtype.isFloatingPoint && Op.isDifferentiable(output: i) {
                output.producer = node
                output.outputIndex = Int32(i)
            }
        }
        if flags.contains(.dual) { Door.push(op, inputs, outputs) }
        if mode.isWatched { try Door.watch(op, inputs, outputs, mode) }
        return outputs
    } catch {
        // The shapes are unknown: every result looks like the first input.
        let like = inputs.first
        Failure.raise(Door.named(error, Op.info))
        let count = Swift.max((try? op.results(inputs).count) ?? 0, Op.info.results)
        return (0..<count).map { _ in Tensor.poisoned(like.sizes, like.dtype) }
    }
}

/// Applies an operation whose result views its input.
public func apply<Op: ViewOperator>(_ op: Op, _ input: Tensor) -> Tensor {
    let mode = Mode.current
    let input = mode.exchange?.standIn(input) ?? input
    if mode.errors != nil || input.isPoisoned, Door.isClosed(mode, input.flags) {
        let sizes = (try? op.view(input.layout))?.sizes ?? input.sizes
        let output = Tensor.poisoned(sizes, input.dtype)
        if Door.noteTail(op, Operands(input), mode) { output.flags.insert(.requiresGrad) }
        return output
    }
    do throws(TensorError) {
        let layout = try op.view(input.layout)
        if layout.sizes.checkedProduct == nil { throw Door.uncountable(layout.sizes) }
        let output =
            input.flags.contains(.batched)
            ? try Door.batched(op, input)
            : Tensor(
                input.storage, layout, input.dtype, input.device,
                input.flags.intersection([.inference]))
        output.base = input.base ?? input
        output.producerVersion = input.storage.version
        // What may never be written to under a recording is inherited by views of views.
        output.flags.formUnion(
            input.flags.intersection([.noGradView, .inferenceView, .multiView, .functionView]))
        if mode.records {
            let edge = input.edge
            if edge.node != nil, input.dtype.isFloatingPoint {
                output.producer = ViewNode(op, from: edge, TensorSpec(layout.sizes, input.dtype))
            }
        } else if mode.errors == nil || !mode.isFailing {
            output.flags.formUnion(mode.isInference ? [.noGradView, .inferenceView] : .noGradView)
        }
        if input.flags.contains(.dual) { Door.push(op, input, output) }
        if mode.isWatched { Door.watch(op, input, output, mode) }
        return output
    } catch {
        return Failure.poison(Door.named(error, Op.info), like: input.sizes, input.dtype)
    }
}

extension Door {
    /// Elements below which a fresh block from the thread's list costs less than asking whether an
    /// operand's could be taken over.
    static let small = 256

    @inline(never)
    static func quick<Op: Operator & BinaryFunction>(_ op: Op, _ a: Tensor, _ b: Tensor) -> Tensor?
    {
        guard a.dtype == .float32, b.dtype == .float32, a.layout.count < small,
            a.layout.isContiguous, b.layout.isContiguous, a.sizes == b.sizes,
            a.device == .cpu, b.device == .cpu, a.flags.union(b.flags).isPlain,
            let kernel = Op.kernel
        else { return nil }
        let mode = Mode.current
        if mode.errors != nil || mode.isInference || mode.isWatched { return nil }
        let output = Tensor(
            emptyLike: a.layout.offset == 0 ? a.layout : Layout(contiguous: a.sizes), .float32, .cpu
        )
        kernel.f32(a.elements(), 1, b.elements(), 1, output.elements(), 1, a.layout.count)
        if mode.isGradEnabled && (a.needsGrad || b.needsGrad) {
            output.producer = OpNode(op, a, b, output)
        }
        return output
    }
}

/// The parts of the door that do not depend on the operation, or are rarely needed.
enum Door {
    /// True where nothing may be computed: an operation of this scope has failed.
    @inline(never)
    static func isClosed(_ mode: Mode, _ flags: Tensor.Flags) -> Bool {
        if mode.isFailing { return true }
        if flags.contains(.poisoned) {
            Failure.raise(
                TensorError(
                    .argument,
                    "an operand is the result of an operation that failed inside "
                        + "catchingTensorErrors; nothing computed in a failed scope can be used after it"
                ))
            return true
        }
        return false
    }

    @inline(never)
    static func poison(_ spec: TensorSpec?, _ inputs: Operands) -> Tensor {
        Tensor.poisoned(spec?.sizes ?? inputs.first.sizes, spec?.dtype ?? inputs.first.dtype)
    }

    /// As many results as callers take apart, also where their shapes cannot be told.
    static func poison(_ specs: [TensorSpec]?, _ inputs: Operands, count: Int) -> [Tensor] {
        (specs ?? [TensorSpec](repeating: inputs.first.spec, count: count)).map {
            Tensor.poisoned($0.sizes, $0.dtype)
        }
    }

    /// The device of the result. A 0-dimensional tensor on the CPU may mix with any.
    @inline(__always)
    static func device(of inputs: Operands) throws(TensorError) -> Device {
        if inputs.count == 1 { return inputs.first.device }
        if inputs.count == 2, inputs.first.device == inputs.second!.device {
            return inputs.first.device
        }
        return try mixedDevice(of: inputs)
    }

    @inline(never)
    private static func mixedDevice(of inputs: Operands) throws(TensorError) -> Device {
        var found = inputs.first
        for tensor in inputs where tensor.device != found.device {
            if tensor.device == .cpu && tensor.ndim == 0 { continue }
            if found.device == .cpu && found.ndim == 0 {
                found = tensor
                continue
            }
            throw TensorError(
                .device,
                "expected all tensors to be on the same device, but found \(found.device) "
                    + "(shape \(found.shape)) and \(tensor.device) (shape \(tensor.shape)); "
                    + "make both there, or move one with to(_:)")
        }
        return found.device
    }

    /// An operation without a rule fails here and not in the backward pass; so does saving what
    /// inference mode made.
    @inline(__always)
    static func checkRecordable<Op: AnyOperator>(
        _ op: Op, _ flags: Tensor.Flags, _ mode: Mode
    ) throws(TensorError) {
        if Op.differentiability == .missing {
            throw TensorError(
                .autograd,
                "the derivative of \(Op.info.name) is not implemented, and an operand requires "
                    + "gradients; call detach() on it, or compute under noGrad")
        }
        if flags.contains(.inference), op.saves(for: .all) != .none {
            throw TensorError(
                .autograd,
                "Inference tensors cannot be saved for backward; clone() the tensor outside "
                    + "inferenceMode to use it in a recorded computation")
        }
    }

    static func named(_ error: TensorError, _ info: OpInfo) -> TensorError {
        named(error, info.name)
    }

    static func named(_ error: TensorError, _ operation: String) -> TensorError {
        error.operation == nil
            ? TensorError(error.kind, error.message, operation: operation) : error
    }
}

extension Operands {
    /// The memory of an operand that dies with this operation and that the result may take over:
    /// nobody else holds the tensor or its storage, and nothing will read its old elements.
    @inline(__always)
    mutating func takeOver<Op: Operator>(
        _ spec: TensorSpec, _ op: Op, _ records: Bool, _ flags: Tensor.Flags
    ) -> Storage? {
        if spec.sizes.product < Door.small || flags.contains(.dual) { return nil }
        let kept = records ? op.saves(for: .all) : .none
        if !kept.contains(.input), isKnownUniquelyReferenced(&first), first.isDisposable(spec) {
            return first.storage
        }
        if count == 2, !kept.contains(.second), isKnownUniquelyReferenced(&second),
            second!.isDisposable(spec)
        {
            return second!.storage
        }
        return nil
    }
}

extension Tensor {
    fileprivate func isDisposable(_ spec: TensorSpec) -> Bool {
        dtype == spec.dtype && layout.isContiguous && layout.offset == 0 && sizes == spec.sizes
            && base == nil && state == nil && device == .cpu && storage.ownsMemory
            && isKnownUniquelyReferenced(&storage)
    }
}
