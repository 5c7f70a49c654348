extension Tensor {
    /// The gradient that backward passes have accumulated here; nil before the first one.
    ///
    /// Only leaves and tensors after `retainGrad()` get one: reading it of another computed tensor
    /// warns, once. Setting it checks shape (`.shape`), dtype (`.dtype`, against `gradDType`) and
    /// device (`.device`), and refuses the tensor itself (`.argument`).
    public var grad: Tensor? {
        get {
            if let state {
                if let grad = state.grad { return grad }
                if !state.retainsGrad { warnOfMissingGrad() }
                return nil
            }
            if producer == nil { return nil }
            if let sink = producer as? AccumulateGrad { return sink.grad }
            warnOfMissingGrad()
            return nil
        }
        set {
            if isPoisoned || Mode.current.isFailing { return }
            if let newValue, let error = assignmentError(newValue) {
                Failure.raise(error)
                return
            }
            if let sink = producer as? AccumulateGrad {
                sink.grad = newValue
                return
            }
            if state == nil, newValue == nil { return }
            if newValue == nil, state?.grad != nil, let observer = Mode.current.watchers.observer {
                observer.didClearGradient(of: self, setToNone: true)
            }
            if state == nil { state = AutogradState() }
            state!.grad = newValue
        }
    }

    @inline(never)
    private func warnOfMissingGrad() {
        guard let node = gradFn, !isPoisoned else { return }
        Warnings.once(
            "grad of a non-leaf",
            "the grad of a tensor that is not a leaf is being read (shape \(shape), made by "
                + "\(node.name)), and backward() won't populate it. Call retainGrad() on it before "
                + "backward(), use grad(of:wrt:), or read the grad of the leaf that you meant. "
                + "(Told once.)")
    }

    private func assignmentError(_ value: Tensor) -> TensorError? {
        func error(_ kind: TensorError.Kind, _ message: String) -> TensorError {
            TensorError(kind, message, operation: "grad")
        }
        if value === self { return error(.argument, "can't assign a tensor as its own grad") }
        if value.device != device {
            return error(
                .device,
                "a gradient must be on the same device as its tensor: \(value.device) and \(device)"
            )
        }
        let wanted = gradDType
        if value.dtype != wanted ?? value.dtype || !value.dtype.isFloatingPoint {
            return error(
                .dtype,
                "attempting to assign a gradient of dtype \(value.dtype) to a tensor of dtype "
                    + "\(dtype)"
                    + (wanted == nil || wanted == dtype ? "" : " whose gradDType is \(wanted!)")
                    + "; convert it with to(_:), or set gradDType before")
        }
        if value.sizes != sizes {
            return error(
                .shape,
                "attempting to assign a gradient of size \(value.shape) to a tensor of size "
                    + "\(shape)")
        }
        return nil
    }

    /// The dtype in which this leaf keeps its gradient: its own unless another was set, so that
    /// parameters of few bits may sum their gradients in float32. What arrives is converted; with
    /// nil it stays as it is.
    ///
    /// - Errors, on setting: `.autograd` for a tensor that is no leaf, and where there is a `grad`
    ///   of another dtype; `.dtype` for an integer type.
    public var gradDType: DType? {
        get { (state?.gradientType ?? .own).dtype(of: dtype) }
        set {
            if isPoisoned || Mode.current.isFailing { return }
            func refuse(_ kind: TensorError.Kind, _ message: String) {
                Failure.raise(TensorError(kind, message, operation: "gradDType"))
            }
            if let node = gradFn {
                return refuse(
                    .autograd,
                    "gradDType can only be set on leaf tensors, and this one was made by "
                        + "\(node.name)")
            }
            if let newValue, !newValue.isFloatingPoint {
                return refuse(.dtype, "gradients have a floating-point dtype, not \(newValue)")
            }
            if let newValue, let old = state?.grad, old.dtype != newValue {
                return refuse(
                    .autograd,
                    "cannot set gradDType to \(newValue), since grad is \(old.dtype); set grad to "
                        + "nil first")
            }
            let state = state ?? AutogradState()
            state.gradientType = newValue.map { .fixed($0) } ?? .any
            self.state = state
        }
    }

    /// A leaf with memory of its own and the same elements, with copies of `grad` and of the
    /// settings for it. `clone()` is the differentiable copy.
    ///
    /// - Errors: `.autograd` for a computed tensor, whose history cannot be copied.
    public func deepCopy() -> Tensor {
        if isPoisoned || Mode.current.isFailing { return Tensor.poisoned(sizes, dtype) }
        if let node = gradFn {
            return Failure.poison(
                TensorError(
                    .autograd,
                    "only graph leaves can be copied with deepCopy(), and this tensor was made by "
                        + "\(node.name); use clone(), or detach().clone()", operation: "deepCopy"),
                like: sizes, dtype)
        }
        let elements = noGrad { detach().clone() }
        let copy =
            switch self {
            case is Parameter: Parameter(elements, requiresGrad: false)
            case is Buffer: Buffer(elements)
            default: elements
            }
        if flags.contains(.requiresGrad) { copy.requiresGrad_() }
        if let state, state.grad != nil || state.gradientType != .own {
            let twin = copy.state ?? AutogradState()
            twin.gradientType = state.gradientType
            twin.grad = state.grad.map { grad in noGrad { grad.detach().clone() } }
            copy.state = twin
        }
        return copy
    }
}
