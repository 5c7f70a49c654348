import AdjointCore
import AdjointData
import AdjointNN
import AdjointOptim

// What is done with the result of a call: elements are read, gradients taken, layers called,
// optimisers stepped.

extension Draw {
    /// Elements that are read at once, at most.
    private static let mostElements = 1 << 14

    func take<T>(_ value: T) { look(value, 0) }

    private func look(_ value: Any, _ depth: Int) {
        let mirror = Mirror(reflecting: value)
        // A cast would look at every element of a list.
        if mirror.displayStyle == .collection { return look(into: mirror, depth) }
        switch value {
        case let tensor as Tensor: use(tensor)
        case is Int, is Double, is String, is Bool, is Float: break
        case let layer as any Layer: use(layer(tensor()))
        case let optimizer as any Optimizer: use(optimizer)
        case let scheduler as any Scheduler:
            for _ in 0..<3 { scheduler.step() }
            _ = scheduler.stateDict()
        case let transform as any ImageTransform: use(transform(tensor()))
        case let samples as any Sampler: _ = samples.order()
        case let graph as Graph: _ = graph.text(limit: 9).utf8.count
        case let op as any AnyOperator:
            // As many operands as it has in its samples, in most cases.
            var count = type(of: op).samples.first?.inputs.count ?? 1
            if once(in: 8) { count = below(count + 2) }
            for result in op((0..<count).map { _ in tensor() }) { use(result) }
        case let node as Node: _ = node.name
        case let handle as HookHandle: handle.remove()
        default: look(into: mirror, depth)
        }
    }

    private func look(into mirror: Mirror, _ depth: Int) {
        if depth == 3 { return }
        for part in mirror.children.prefix(6) { look(part.value, depth + 1) }
    }

    private func use(_ t: Tensor) {
        if once(in: 8) { _ = t.description.utf8.count }
        if t.numel <= Self.mostElements, t.device == .cpu, once(in: 2) {
            _ = t.array(as: Double.self)
        }
        if !t.requiresGrad || t.numel > Self.mostElements { return }
        switch below(8) {
        case 0: t.backward()
        case 1: t.backward(gradient: tensor())
        case 2: t.sum().backward(createGraph: true)
        case 3: take(grads(of: [t.sum()], wrt: held, unused: .nil).compactMap { $0 }.first?.sum())
        default: t.sum().backward()
        }
    }

    private func use(_ optimizer: any Optimizer) {
        for leaf in held where leaf.isLeaf && leaf.requiresGrad {
            if once(in: 8) { leaf.grad = tensor() } else { (leaf * leaf).sum().backward() }
        }
        optimizer.step()
        if once(in: 3) { optimizer.step { self.loss() } }
        if once(in: 3) {
            var state = optimizer.stateDict()
            if once(in: 2), let key = state.keys.sorted().first { state[key] = tensor() }
            try? optimizer.loadStateDict(state)
            optimizer.step()
        }
        optimizer.zeroGrad(setToNil: bool())
    }
}
