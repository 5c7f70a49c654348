import Testing

@testable import AdjointCore

/// The square that gives no gradient, and says so by nil.
private struct Silent: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        [inputs[0] * inputs[0]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] { [nil] }
}

/// The subtle semantics 13 to 22: where gradients go, how they add up, who shares their memory.
@Suite struct FortyFlowTests {
    @Test("13. what was broadcast gets the sum over its copies, in its own shape")
    func broadcasting() {
        let (a, b) = (leaf([1, 1, 1], [3, 1]), leaf([2, 2, 2, 2], [1, 4]))
        (a * b).sum().backward()
        #expect(values(a.grad) == [8, 8, 8] && a.grad!.shape == [3, 1])
        #expect(values(b.grad) == [3, 3, 3, 3] && b.grad!.shape == [1, 4])
        let scalar = leaf([2], [])
        (scalar * Tensor.ones(2, 3, dtype: .float64)).sum().backward()
        #expect(values(scalar.grad) == [6] && scalar.grad!.shape == [])
        let (none, row) = (leaf([], [4, 0]), leaf([1, 1, 1, 1], [4, 1]))
        (none + row).sum().backward()
        #expect(values(row.grad) == [0, 0, 0, 0] && row.grad!.shape == [4, 1])
        // A dimension of size 1 on both sides is no broadcast.
        let (one, other) = (leaf([5], [1, 1]), leaf([7], [1, 1]))
        (one * other).sum().backward()
        #expect(values(one.grad) == [7] && one.grad!.shape == [1, 1])
    }

    @Test("14. a tensor used twice gets both parts, through one sink")
    func sameInputTwice() {
        let x = leaf([3])
        let y = x * x
        let edges = y.gradFn!.nextFunctions
        #expect(edges.count == 2 && edges[0].node === edges[1].node)
        y.backward()
        #expect(values(x.grad) == [6])
        #expect(agree(gradient([2]) { $0 ** $0 }, [6.772588722239781]))
        #expect(gradient([1]) { Tensor.cat([$0, $0]) * numbers([1, 10]) } == [11])
        let z = leaf([3])
        #expect(grads(of: [z * z], wrt: [z, z]).map { values($0) } == [[6], [6]])
    }

    @Test("15. positions that repeat add up when they are read and when they are added to")
    func repeatedPositions() {
        let index = Tensor([0, 0, 1])
        #expect(gradient([5, 7]) { $0.gather(dim: 0, index: index) } == [2, 1])
        #expect(gradient([5, 7]) { $0.indexSelect(dim: 0, index: index) } == [2, 1])
        #expect(gradient([5, 7]) { $0[index] } == [2, 1])
        let added = gradient([1, 2, 3]) {
            numbers([0, 0]).scatterAdd(dim: 0, index: index, src: $0) * numbers([1, 10])
        }
        #expect(added == [1, 1, 10])
    }

    @Test("16. elements that several views show get the sum of their gradients")
    func overlappingViews() {
        #expect(gradient([1, 2, 3, 4]) { $0.unfold(dim: 0, size: 2, step: 1) } == [1, 2, 2, 1])
        #expect(gradient([1, 2, 3, 4]) { $0.asStrided([3, 2], [1, 1]) } == [1, 2, 2, 1])
        #expect(gradient([1]) { $0.expand(4) } == [4])
    }

    @Test("17. a leaf that was not used keeps nil, one with the weight 0 gets 0")
    func unused() {
        let (x, unused, weightless) = (leaf([2]), leaf([3]), leaf([4]))
        (x * 2 + weightless * 0).backward()
        #expect(unused.grad == nil && values(weightless.grad) == [0])
        expectError(.autograd, "not have been used") { _ = grad(of: x * 2, wrt: unused) }
    }

    @Test("18. no gradient is nil, not zeros: it reaches neither the leaf nor a hook")
    func undefined() {
        let x = leaf([3])
        let log = Log<Double>()
        x.registerHook {
            log.add($0.item())
            return nil
        }
        let y = x * 2
        let nodeSaw = Log<Bool>()
        y.gradFn!.registerPrehook {
            nodeSaw.add($0[0] != nil)
            return nil
        }
        Silent().apply(y).backward()
        #expect(x.grad == nil && log.all.isEmpty && !nodeSaw.all.contains(true))
    }

    @Test("19. a second pass adds into the same object; under createGraph it makes another")
    func identity() {
        let x = leaf([2])
        (x * x).backward()
        let first = x.grad!
        (x * x).backward()
        #expect(x.grad === first && values(first) == [8])
        (x * x).backward(createGraph: true)
        #expect(x.grad !== first && values(first) == [8] && values(x.grad) == [12])
    }

    @Test("19. a graph that read a gradient notices that a later pass added to it")
    func readGradient() {
        let (x, w) = (leaf([2]), leaf([3]))
        (x * x).backward()
        let y = w * x.grad!
        (x * x).backward()
        expectError(.inPlace, "modified by an inplace operation") { y.backward() }
    }

    @Test("20. a gradient in grad shares no memory with a tensor of the caller")
    func noAlias() {
        let (x, g) = (leaf([1]), numbers([1]))
        (x + 0).backward(gradient: g)
        g.mul_(100)
        #expect(values(x.grad) == [1])
    }

    @Test("21. nor do gradients that grads hands out share it, or those that a hook writes to")
    func noAliasOfGrads() {
        let (x, y, g) = (leaf([1]), leaf([1]), numbers([1]))
        #expect(grad(of: x, wrt: x, gradient: g) !== g)
        let found = grads(of: [x + y], wrt: [x, y], gradients: [g])
        found[0]!.mul_(7)
        #expect(values(found[1]) == [1] && values(g) == [1])
        x.registerHook {
            $0.mul_(10)
            return nil
        }
        (x + y).backward(gradient: g)
        #expect(values(x.grad) == [10] && values(y.grad) == [1] && values(g) == [1])
    }

    @Test("22. the gradient of a gradient is added to it: 12 and 12 for x³ at 2")
    func accumulatedSecondOrder() {
        let x = leaf([2])
        (x ** 3).backward(createGraph: true)
        x.grad!.sum().backward()
        #expect(values(x.grad) == [24])
    }

    @Test("22. a leaf, its gradient and the graph between them are freed together")
    func noCycle() {
        weak var freedLeaf: Tensor?
        weak var freedGradient: Tensor?
        weak var freedNode: Node?
        do {
            let x = leaf([2])
            let y = x ** 3
            y.backward(createGraph: true)
            freedLeaf = x
            freedGradient = x.grad
            freedNode = y.gradFn
            #expect(freedGradient?.requiresGrad == true)
        }
        #expect(freedLeaf == nil && freedGradient == nil && freedNode == nil)
    }

    @Test("23. a pass frees what the nodes that it ran had saved, and nothing else")
    func freeing() {
        let x = leaf([2])
        let square = x * x
        (square * square).backward()
        expectError(.graphFreed, "second time") { (square * 3).backward() }
        let y = leaf([2])
        let sum = y + 1
        (sum * sum).backward()
        (sum * 3).backward()
        #expect(values(y.grad) == [9])
    }
}
