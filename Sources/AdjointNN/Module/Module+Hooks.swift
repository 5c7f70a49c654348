public import AdjointCore

/// A layer whose call runs the hooks of modules: it says what it computes in `forward`, and is
/// called as a function.
public protocol HookedLayer: Layer {
    /// What the layer computes. Calling the layer itself runs its hooks too.
    func forward(_ x: Tensor) -> Tensor
}

extension HookedLayer {
    /// `forward`, with the layer's hooks around it.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        HookTable.isEmpty ? forward(x) : callWithHooks(x) { forward($0) }
    }
}

extension Layer {
    /// Calls the layer with its hooks around it, also one that knows nothing of hooks.
    public func hooked(_ x: Tensor) -> Tensor {
        if HookTable.isEmpty || self is any HookedLayer { return self(x) }
        return callWithHooks(x) { self($0) }
    }
}

/// Hooks see the calls of a module, and the gradients that pass it. They run where the call goes
/// through `callWithHooks`: in a `HookedLayer` (all layers of this library), in `hooked(_:)`, in
/// every part of a `Sequential`, and in modules that say so:
///
///     final class Net: Module {
///         let fc = Linear(4, 2)
///         func callAsFunction(_ x: Tensor) -> Tensor { callWithHooks(x) { relu(fc($0)) } }
///     }
///
/// A hook is given its module: one that captures it would keep it alive.
extension Module {
    /// Calls `hook` with this module and its inputs before each call; inputs that it returns take
    /// their place.
    @discardableResult
    public func registerForwardPreHook(
        _ hook: @escaping @Sendable (any Module, _ inputs: [Tensor]) -> [Tensor]?
    ) -> HookHandle {
        HookTable.add(to: self) { $0.forwardPre.append(($1, hook)) }
    }

    /// Calls `hook` with this module, its inputs and its outputs after each call; outputs that it
    /// returns take their place.
    @discardableResult
    public func registerForwardHook(
        _ hook:
            @escaping @Sendable (any Module, _ inputs: [Tensor], _ outputs: [Tensor]) ->
            [Tensor]?
    ) -> HookHandle {
        HookTable.add(to: self) { $0.forward.append(($1, hook)) }
    }

    /// Calls `hook` with this module and the gradients of its outputs (nil for one that has none)
    /// before a backward pass enters it; gradients that it returns take their place.
    ///
    /// - Errors, in the pass: `.argument` for another number of gradients; `.shape`, `.dtype`.
    @discardableResult
    public func registerFullBackwardPreHook(
        _ hook: @escaping @Sendable (any Module, _ gradOutputs: [Tensor?]) -> [Tensor?]?
    ) -> HookHandle {
        HookTable.add(to: self) { $0.backwardPre.append(($1, hook)) }
    }

    /// Calls `hook` with this module and the gradients of its inputs and outputs after a backward
    /// pass has passed it; gradients that it returns take the inputs' place.
    ///
    /// The gradient of an input is what flows to it through this call alone; nil for an input that
    /// wants none. Where no input wants a gradient, the hook is called as soon as the gradients of
    /// the outputs are there, and what it returns goes nowhere. Of one tensor that was given twice
    /// the first place gets the whole gradient. Inputs and outputs may be written in place.
    ///
    /// - Errors, in the pass: `.argument` for another number of gradients; `.shape`, `.dtype`.
    @discardableResult
    public func registerFullBackwardHook(
        _ hook:
            @escaping @Sendable (
                any Module, _ gradInputs: [Tensor?], _ gradOutputs: [Tensor?]
            ) -> [Tensor?]?
    ) -> HookHandle {
        HookTable.add(to: self) { $0.backward.append(($1, hook)) }
    }

    /// Runs `body`, which is the call of this module on `x`, with the module's hooks around it.
    ///
    /// - Errors: `.argument` for a hook that returns another number of tensors than it was given.
    public func callWithHooks(_ x: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
        if HookTable.isEmpty { return body(x) }
        return observed {
            guard let hooks = HookTable.hooks(of: self) else { return body(x) }
            return run(hooks, [x]) { [body($0[0])] }[0]
        }
    }

    /// The same for a call with several inputs or outputs.
    public func callWithHooks(_ inputs: [Tensor], _ body: ([Tensor]) -> [Tensor]) -> [Tensor] {
        if HookTable.isEmpty { return body(inputs) }
        return observed {
            guard let hooks = HookTable.hooks(of: self) else { return body(inputs) }
            return run(hooks, inputs, body)
        }
    }

    private func run(_ hooks: ModuleHooks, _ given: [Tensor], _ body: ([Tensor]) -> [Tensor])
        -> [Tensor]
    {
        var inputs = given
        for hook in hooks.forwardPre {
            if let new = hook.body(self, inputs) {
                inputs = counted(new, like: inputs, "forward pre")
            }
        }
        let hasBackward = !hooks.backward.isEmpty || !hooks.backwardPre.isEmpty
        let border =
            hasBackward && isGradEnabled && !isInferenceModeEnabled && !inputs.isEmpty
            ? boundary(hooks, inputs) : nil
        var outputs = body(inputs)
        for hook in hooks.forward {
            if let new = hook.body(self, inputs, outputs) {
                outputs = counted(new, like: outputs, "forward")
            }
        }
        return border?.close(outputs) ?? outputs
    }

    /// What a hook gave in the place of `old`, if it is as many tensors.
    private func counted(_ new: [Tensor], like old: [Tensor], _ kind: String) -> [Tensor] {
        if new.count == old.count { return new }
        Failure.raise(
            TensorError(
                .argument,
                "a \(kind) hook of \(Self.self) has returned \(new.count) tensors in place of "
                    + "\(old.count); return one for each, or nil to change none",
                operation: "callWithHooks"))
        return old
    }

    private func boundary(_ hooks: ModuleHooks, _ inputs: [Tensor]) -> GraphBoundary {
        // The graph must not keep the module alive through its hooks.
        let module = WeakModule(module: self)
        return GraphBoundary(
            inputs, name: "\(Self.self)",
            onOutputs: { given in
                guard let module = module.module else { return nil }
                var gradients = given
                for hook in hooks.backwardPre {
                    if let new = hook.body(module, gradients) { gradients = new }
                }
                return gradients
            },
            onInputs: { given, outer in
                guard let module = module.module else { return nil }
                var gradients = given
                for hook in hooks.backward {
                    if let new = hook.body(module, gradients, outer) { gradients = new }
                }
                return gradients
            })
    }
}

private struct WeakModule: @unchecked Sendable { weak var module: (any Module)? }
