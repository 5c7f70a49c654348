import Synchronization

extension Tensor {
    /// What made this tensor, brought up to date: after a write to the shared memory the history
    /// of a view is that of its base.
    var currentProducer: Node? {
        if base == nil { return producer }
        return refreshedProducer
    }

    /// Reading a view may have to write to it: several tasks may read one view at once.
    private static let refreshing = Mutex(())

    @inline(never)
    private var refreshedProducer: Node? {
        guard let base, producerVersion != storage.version else { return producer }
        if flags.contains(.functionView) { return functionProducer(base) }
        let old = Tensor.refreshing.withLock { _ in
            // Nothing may be freed under the lock: what a hook captured could come back here.
            let old = producer
            if producerVersion == storage.version { return old }
            let edge = base.edge
            if edge.node != nil {
                relink(Tangents.viewNode(self, of: base, edge), 0)
            } else {
                producerVersion = storage.version
            }
            return old
        }
        return withExtendedLifetime(old) { producer }
    }

    /// The history of a view that a custom function returned is that function's, while its base
    /// has the history that the function saw.
    private func functionProducer(_ base: Tensor) -> Node? {
        guard let node = producer, let now = base.edge.node else { return producer }
        var next: Node? = node
        while let seen = next, seen.sequence > now.sequence || now.sequence == .max {
            for i in 0..<seen.edges.count where seen.edges[i].node === now { return node }
            // A view of the view: the function lies further down.
            next = seen.edges.count == 1 ? seen.edges[0].node : nil
        }
        Failure.raise(
            TensorError(
                .inPlace,
                "the output of \(node.name) is a view, and its base or another view of its base has "
                    + "been modified in place: this view was created inside a custom Function (or "
                    + "because an input was returned as it came), whose gradient that write would "
                    + "override. clone() the output of the function", operation: nil))
        return node
    }

    /// Makes output `index` of `node` the origin of this tensor.
    func relink(_ node: Node?, _ index: Int) {
        if state?.retainsGrad == true {
            producer?.hooks?.moveRetained(Int(outputIndex), to: node, index, self)
        }
        var old = producer
        producer = node
        outputIndex = Int32(index)
        producerVersion = storage.version
        if old != nil { Reaper.release(&old) }
        state?.dropAlias()
    }

    /// Where a gradient of this tensor goes.
    @inline(__always)
    var edge: Edge {
        if let producer = currentProducer { return Edge(node: producer, index: outputIndex) }
        if flags.contains(.requiresGrad) { return Edge(node: state?.sink, index: 0) }
        return Edge()
    }

    @inline(__always)
    var needsGrad: Bool {
        // A view's producer is read once it is up to date: another task may be changing it.
        if base == nil || flags.contains(.functionView) {
            return producer != nil || flags.contains(.requiresGrad)
        }
        return flags.contains(.requiresGrad) || currentProducer != nil
    }

    /// True where gradients flow to or through this tensor. May be set on leaves of a
    /// floating-point type.
    public var requiresGrad: Bool {
        get { needsGrad }
        set { requiresGrad_(newValue) }
    }

    /// Switches on or off whether operations on this leaf are recorded. Returns itself.
    ///
    /// - Errors: `.dtype` for integers and booleans, `.autograd` for switching off a tensor that
    ///   was computed, or switching on an inference tensor outside `inferenceMode`.
    @discardableResult
    public func requiresGrad_(_ on: Bool = true) -> Tensor {
        let mode = Mode.current
        if isPoisoned || mode.isFailing { return self }
        if currentProducer != nil, !(producer is AccumulateGrad) {
            if !on {
                Failure.raise(
                    TensorError(
                        .autograd,
                        "you can only change requiresGrad of leaf tensors; this one was made by "
                            + "\(producer!.name). To use its value without gradients call detach()",
                        operation: "requiresGrad_"))
            }
            return self
        }
        if on == flags.contains(.requiresGrad) { return self }
        if on, !dtype.isFloatingPoint {
            Failure.raise(
                TensorError(
                    .dtype,
                    "only floating-point tensors can require gradients, and this one is \(dtype); "
                        + "convert it first: t.to(.float32)", operation: "requiresGrad_"))
            return self
        }
        if on, flags.contains(.inference), !mode.isInference {
            Failure.raise(
                TensorError(
                    .autograd,
                    "an inference tensor cannot require gradients outside inferenceMode; clone() it",
                    operation: "requiresGrad_"))
            return self
        }
        if on {
            let state = state ?? AutogradState()
            if state.sink == nil {
                let sink = AccumulateGrad(TensorSpec(sizes, dtype), state)
                state.sink = sink
                mode.debug?.note(sink)
            }
            self.state = state
            flags.insert(.requiresGrad)
        } else {
            flags.remove(.requiresGrad)
        }
        state?.dropAlias()
        return self
    }

    /// True for a tensor that no recorded operation made.
    public var isLeaf: Bool { gradFn == nil }

    /// The node that made this tensor; nil for a leaf.
    public var gradFn: Node? {
        let node = currentProducer
        return node is AccumulateGrad ? nil : node
    }
}

extension Tensor {
    /// Makes a computed tensor keep its gradient in `grad`. On a leaf it changes nothing.
    ///
    /// - Errors: `.autograd` for a tensor that does not require gradients.
    public func retainGrad() {
        if isPoisoned || Mode.current.isFailing { return }
        guard requiresGrad else {
            Failure.raise(
                TensorError(
                    .autograd, "can't retainGrad on a tensor that has requiresGrad = false",
                    operation: "retainGrad"))
            return
        }
        guard let node = gradFn, state?.retainsGrad != true else { return }
        let state = state ?? AutogradState()
        state.retainsGrad = true
        self.state = state
        node.needHooks().retain(Int(outputIndex), state)
    }

    /// True for a computed tensor on which `retainGrad()` was called.
    public var retainsGrad: Bool { state?.retainsGrad ?? false }
}
