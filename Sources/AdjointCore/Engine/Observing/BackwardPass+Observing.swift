extension BackwardPass {
    /// Runs the derivative of `node` and hands its gradients on, telling `observation` of each.
    func pullObserved(
        _ observation: any PassObserver, _ node: Node, _ gradients: TensorSlots,
        _ wanted: InputSet, _ debug: Debugging?
    ) throws(TensorError) {
        var results = TensorSlots()
        if wanted.bits != 0, gradients.isDefined(node.outputCount) || node.runsWithoutGradients {
            if let debug {
                results = try debug.pull(node, gradients, wanted, recording)
            } else {
                results = try node.pull(gradients, wanted, recording: recording)
            }
        }
        if let hooks = node.hooks { try hooks.runAfter(&results, gradients, node) }
        var fitted: [Tensor?] = []
        var shapes: [[Int]?] = []
        for i in 0..<node.edges.count {
            guard wanted.contains(i), let next = node.edges[i].node,
                let gradient = results.take(i)
            else {
                fitted.append(nil)
                shapes.append(nil)
                continue
            }
            shapes.append(gradient.sizes.array)
            let spec = next.outputSpec(Int(node.edges[i].index))
            let fits = gradient.sizes == spec.sizes && gradient.dtype == spec.dtype
            fitted.append(
                fits ? gradient : try Tangents.reduced(gradient, to: spec, from: node, i))
        }
        observation.didRun(
            ObservedRun(
                node: node, arrived: gradients.array(count: node.outputCount), results: fitted,
                shapes: shapes, wanted: wanted))
        for i in fitted.indices {
            guard let gradient = fitted[i].take(), let next = node.edges[i].node else { continue }
            deliverObserved(
                observation, gradient, to: next, Int(node.edges[i].index), from: node, i)
        }
    }

    /// Adds a gradient to what `target` has got, and tells of it.
    func deliverObserved(
        _ observation: any PassObserver, _ gradient: Tensor, to target: Node, _ output: Int,
        from node: Node?, _ input: Int
    ) {
        if let sink = target as? AccumulateGrad {
            observation.willGather(
                gradient, from: node, input, to: sink, sum: gathered(target, output))
            deliver(gradient, to: target, output)
            if let sum = gathered(target, output) { observation.didGather(sum) }
        } else {
            if let node { observation.didHandOn(gradient, from: node, input, to: target, output) }
            deliver(gradient, to: target, output)
        }
    }
}
