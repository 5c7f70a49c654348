import AdjointCore
import AdjointNN

// Functions to differentiate, map and checkpoint, some of them wrong. They may run on other threads,
// and several times, and so draw nothing.

extension Draw {
    private static let functions: [@Sendable (Tensor) -> Tensor] = [
        { ($0 * $0).sum() }, { $0.exp() }, { $0 }, { $0.sum() }, { $0.sin() * 2 },
        { _ in Tensor([1.0, 2]) }, { $0[5] }, { $0.matmul($0) }, { $0.detach() },
        { $0.argmax(dim: 0) }, { $0.reshape([-1]) }, { $0.unsqueeze(0).expand([2, 3]) },
        { $0.to(.int64) }, { x in x.clone().add_(1) }, { x in x.add_(1) },
        { $0 + Tensor.zeros(3, 7) },
        { $0.mean(dim: 0) }, { Tensor.cat([$0, $0]) }, { $0.to(.meta) }, { $0.sort().values },
        { x in (x.sum().item() as Double) > 0 ? x * 2 : x },
        {
            $0.backward()
            return $0
        },
        { $0.softmax(dim: -1) }, { $0.cumsum(dim: 1) }, { $0.nonzero() }, { dropout($0) },
        { x in
            x.requiresGrad_()
            return x.prod()
        }, { grad { $0.exp().sum() }($0) },
    ]

    func f() -> @Sendable (Tensor) -> Tensor { pick(Self.functions) }
    func fs() -> [@Sendable (Tensor) -> Tensor] { (0..<below(4)).map { _ in f() } }

    func f2() -> @Sendable (Tensor, Tensor) -> Tensor {
        let f = f()
        return pick([
            { ($0 * $1).sum() }, { f($0) + $1 }, { x, _ in f(x) }, { _, y in f(y) },
            { $0.matmul($1) }, { x, y in x.add_(y) },
        ])
    }

    func f3() -> @Sendable (Tensor, Tensor, Tensor) -> Tensor {
        let f = f2()
        if once(in: 2) { return { f($0, $1) * $2 } }
        return { x, _, y in f(x, y) }
    }

    func fList() -> @Sendable ([Tensor]) -> Tensor {
        let f = f()
        return pick([
            { xs in xs.reduce(Tensor(0.0)) { $0 + $1.sum() } },
            { $0.isEmpty ? Tensor(1.0) : f($0[0]) },
            { $0.isEmpty ? Tensor(1.0) : f($0[$0.count - 1]) }, { Tensor.stack($0).sum() },
        ])
    }

    func fLists() -> @Sendable ([Tensor]) -> [Tensor] {
        let f = f()
        return pick([
            { $0 }, { _ in [] }, { $0.map(f) }, { xs in xs.map { $0 * 2 } }, { xs in xs + xs },
        ])
    }

    func fValueAndGrad() -> (Tensor) -> (value: Tensor, grad: Tensor) { valueAndGrad(f()) }

    func fTree() -> @Sendable ([String: Tensor]) -> Tensor {
        let f = f()
        return pick([
            { $0.values.reduce(Tensor(0.0)) { $0 + $1.sum() } }, { f($0["a"] ?? Tensor(1.0)) },
            { f($0["b"] ?? Tensor(1.0)).sum() },
        ])
    }

    func fTrees() -> @Sendable ([String: Tensor]) -> [String: Tensor] {
        let f = f()
        return pick([
            { $0 }, { _ in [:] }, { $0.mapValues(f) }, { ["z": f($0["a"] ?? Tensor(1.0))] },
        ])
    }

    func fTrees2() -> @Sendable ([String: Tensor], [String: Tensor]) -> [String: Tensor] {
        let f = fTrees()
        if once(in: 2) { return { a, _ in f(a) } }
        return { $0.merging(f($1)) { $0 * $1 } }
    }

    typealias Trees3 =
        @Sendable ([String: Tensor], [String: Tensor], [String: Tensor]) -> [String: Tensor]

    func fTrees3() -> Trees3 {
        let f = fTrees2()
        return { a, b, c in f(f(a, b), c) }
    }

    func fTreeWith() -> ([String: Tensor], Tensor) -> Tensor {
        let (f, g) = (fTree(), f2())
        return { g(f($0), $1) }
    }

    func fTreeWithTwo() -> ([String: Tensor], Tensor, Tensor) -> Tensor {
        let (f, g) = (fTree(), f3())
        return { g(f($0), $1, $2) }
    }

    func fTreeAux() -> ([String: Tensor]) -> (Tensor, Tensor) {
        let f = fTree()
        return { (f($0), $0["a"] ?? Tensor(0.0)) }
    }

    func fTreeWithAux() -> ([String: Tensor], Tensor) -> (Tensor, Tensor) {
        let f = fTreeWith()
        return { (f($0, $1), $1) }
    }

    func fTreesAux() -> ([String: Tensor]) -> ([String: Tensor], Tensor) {
        let f = fTrees()
        return { (f($0), $0["a"] ?? Tensor(0.0)) }
    }

    func custom() -> @Sendable (Tensor) -> (Tensor, @Sendable (Tensor) -> Tensor) {
        let (f, g) = (f(), f())
        return { (f($0), g) }
    }

    // Hooks

    func hook() -> @Sendable ([Tensor?]) -> [Tensor?]? {
        pick([
            { _ in nil }, { $0 }, { _ in [] }, { $0.map { _ in nil } }, { $0 + $0 },
            { $0.map { _ in Tensor.zeros(3, 7) } },
        ])
    }

    func hook2() -> @Sendable ([Tensor?], [Tensor?]) -> [Tensor?]? {
        let hook = hook()
        if once(in: 2) { return { a, _ in hook(a) } }
        return { _, b in hook(b) }
    }

    func moduleHook() -> @Sendable (any Module, [Tensor]) -> [Tensor]? {
        pick([
            { _, _ in nil }, { _, x in x }, { _, _ in [] }, { _, x in x + x },
            { _, x in x.map { $0.sum() } },
        ])
    }

    func moduleHook2() -> @Sendable (any Module, [Tensor], [Tensor]) -> [Tensor]? {
        let hook = moduleHook()
        if once(in: 2) { return { m, x, _ in hook(m, x) } }
        return { m, _, y in hook(m, y) }
    }

    func gradHook() -> @Sendable (any Module, [Tensor?]) -> [Tensor?]? {
        let hook = hook()
        return { _, x in hook(x) }
    }

    func gradHook2() -> @Sendable (any Module, [Tensor?], [Tensor?]) -> [Tensor?]? {
        let hook = hook2()
        return { _, x, y in hook(x, y) }
    }

    func factors() -> [@Sendable (Int) -> Double] {
        let value = double()
        return (0..<below(4)).map { _ in { Double($0) * value } }
    }

    func growth() -> (@Sendable (Double) -> Double)? {
        let power = double()
        if once(in: 2) { return nil }
        return { $0 * power }
    }

    // What runs inside a scope

    func work() -> Tensor { f()(tensor()) * tensor() }

    func work(in level: ForwardLevel) -> Tensor {
        let dual = level.makeDual(tensor(), tangent: tensor())
        let result = f()(dual)
        return level.unpackDual(result).tangent ?? result
    }

    /// A loss of the parameters that were drawn.
    func loss() -> Tensor {
        var sum = once(in: 9) ? tensor() : Tensor(0.0)
        for leaf in held.suffix(3) { sum = sum + (leaf * leaf).sum() }
        if !once(in: 4) { sum.backward() }
        return sum
    }
}
