import Testing

@testable import AdjointCore

/// x², whose derivative is written by hand and may be taken once.
private struct OnceSquare: Function {
    static var isOnceDifferentiable: Bool { true }
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [inputs[0] * inputs[0]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 2 * context.savedTensors[0]]
    }
}

/// x³, whose derivative reads x² as the forward pass left it.
private struct CubeByIntermediate: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        let square = inputs[0] * inputs[0]
        context.saveForBackward(square)
        return [square * inputs[0]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 3 * context.savedTensors[0]]
    }
}

/// The subtle semantics 30 to 34: hooks, limited passes, functions with a derivative of their own.
@Suite struct FortyCallbackTests {
    @Test("30. hooks of a tensor run in turn, each on what the one before it returned")
    func hooksChain() {
        let x = leaf([2])
        let y = x * 3
        y.registerHook { $0 * 10 }
        y.registerHook { $0 + 1 }
        y.backward()
        #expect(values(x.grad) == [33])
    }

    @Test("30. a retained gradient is what the tensor's hooks made of it, not the node's")
    func retainedSeesTensorHooks() {
        let x = leaf([2])
        let y = x * 3
        y.retainGrad()
        y.gradFn!.registerPrehook { [$0[0]! * 7] }
        y.registerHook { $0 * 10 }
        y.backward()
        #expect(values(y.grad) == [10] && values(x.grad) == [210])
    }

    @Test("31. backward(inputs:) runs the node of an input; grads stops above it")
    func limitedPasses() {
        let x = leaf([2])
        let log = Log<String>()
        func make() -> (a: Tensor, b: Tensor) {
            let a = x * x
            a.gradFn!.registerHook { _, _ in
                log.add("ran")
                return nil
            }
            return (a, a * a)
        }
        let first = make()
        _ = grad(of: first.b, wrt: first.a)
        #expect(log.all.isEmpty)
        let second = make()
        second.b.backward(inputs: [second.a])
        #expect(log.all == ["ran"] && x.grad == nil)
        let third = make()
        let found = grads(of: [third.b], wrt: [x, third.a])
        #expect(values(found[0]) == [32] && values(found[1]) == [8])
    }

    @Test("32. a second derivative through a saved intermediate is an error, not a smaller number")
    func savedIntermediate() {
        let x = leaf([2])
        let y = CubeByIntermediate().apply(x) + x ** 2
        let first = grad(of: y, wrt: x, createGraph: true)
        #expect(values(first) == [16])
        expectError(.autograd) { _ = grad(of: first, wrt: x) }
    }

    @Test("33. a derivative that may be taken once is refused the second time, by grads as well")
    func onceDifferentiable() {
        for make: (Tensor) -> Tensor in [
            { OnceSquare().apply($0) + $0 ** 3 }, { OnceSquare().apply($0) * $0 },
        ] {
            let x = leaf([3])
            let first = grad(of: make(x), wrt: x, createGraph: true)
            expectError(.autograd) { _ = grad(of: first, wrt: x, retainGraph: true) }
            expectError(.autograd) { first.backward() }
        }
    }

    @Test(
        "34. a node that saved its own output keeps nobody alive, and can be differentiated again")
    func savedOutput() {
        weak var output: Tensor?
        weak var node: Node?
        do {
            let x = leaf([1])
            let y = x.exp()
            (output, node) = (y, y.gradFn)
            let first = grad(of: y, wrt: x, createGraph: true)
            #expect(agree(values(grad(of: first, wrt: x)), [2.718281828459045]))
        }
        #expect(output == nil && node == nil)
    }
}
