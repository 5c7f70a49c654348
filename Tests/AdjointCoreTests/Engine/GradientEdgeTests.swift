import Testing

@testable import AdjointCore

/// Edges that stand for tensors, gradients by name, nodes as they are created.
@Suite struct GradientEdgeTests {
    @Test("an edge is a root and an input in the place of its tensor, which may die")
    func rootsAndInputs() {
        let x = leaf([2, 3])
        weak var inner: Tensor?
        let (root, middle): (GradientEdge, GradientEdge) = {
            let y = x * x
            inner = y
            return (gradientEdge(of: (y + 1).sum())!, gradientEdge(of: y)!)
        }()
        #expect(inner == nil)
        #expect(middle.node.name == "MulBackward" && middle.outputNr == 0 && middle.shape == [2])
        let gradients = grads(
            of: [root], wrt: [middle, gradientEdge(of: x)!], retainGraph: true)
        #expect(values(gradients[0]) == [1, 1] && values(gradients[1]) == [4, 6])
        backward([root])
        #expect(values(x.grad) == [4, 6])
        expectError(.graphFreed) { backward([root]) }
    }

    @Test("an edge of several elements needs a gradient of its shape and dtype")
    func gradients() {
        let x = leaf([2, 3])
        let edge = gradientEdge(of: x * x)!
        expectError(.autograd, "only for scalar outputs") { backward([edge]) }
        expectError(.shape, "Mismatch in shape") { backward([edge], gradients: [numbers([1])]) }
        expectError(.dtype, "float32") {
            backward([edge], gradients: [Tensor([1.0, 1.0], dtype: .float32)])
        }
        backward([edge], gradients: [numbers([1, 10])])
        #expect(values(x.grad) == [4, 60])
    }

    @Test("a tensor that requires no gradient has no edge")
    func constants() {
        expectError(.autograd, "does not require gradients") {
            #expect(gradientEdge(of: numbers([1])) == nil)
        }
    }

    @Test("gradients by name come by the same names")
    func named() {
        let inputs = ["w": leaf([2]), "b": leaf([5])]
        let loss = inputs["w"]! * 3 + inputs["b"]!
        let found = grads(of: loss, wrt: inputs, retainGraph: true)
        #expect(values(found["w"]) == [3] && values(found["b"]) == [1])
        let more = inputs.merging(["unused": leaf([1, 1])]) { a, _ in a }
        expectError(.autograd, "not have been used") {
            _ = grads(of: loss, wrt: more, retainGraph: true)
        }
        #expect(grads(of: loss, wrt: more, retainGraph: true, unused: .nil).count == 2)
        #expect(values(grads(of: loss, wrt: more, unused: .zeros)["unused"]) == [0, 0])
    }

    @Test("backward with an empty list of inputs, or gradients that do not fit, is an error")
    func misfits() {
        let y = leaf([1, 2]) * 2
        expectError(.argument, "`inputs`", "cannot be empty") { y.sum().backward(inputs: []) }
        expectError(.dtype, "int64", "to(.float64)") {
            y.backward(gradient: Tensor([1, 1], dtype: .int64))
        }
        expectError(.argument, "got 1 tensors and 2 gradients") {
            backward([y], gradients: [numbers([1, 1]), nil])
        }
    }

    @Test("a node creation hook sees every operation's node, complete")
    func creation() {
        let x = leaf([2])
        let log = Log<String>()
        let y = withNodeCreationHook({ node in
            log.add("\(node.name) \(node.nextFunctions.filter { $0.node != nil }.count)")
        }) {
            let a = (x * x).view(1, 1)
            a.add_(1)
            return a.exp()
        }
        _ = x.sin()
        #expect(
            log.all == ["MulBackward 2", "ViewBackward 1", "AddBackward 1", "ExpBackward 1"],
            "\(log.all)")
        y.backward()
        #expect(x.grad != nil)
    }

    @Test("a node creation hook that records is refused; under noGrad it may compute")
    func creationInside() {
        let x = leaf([2])
        expectError(.autograd, "MulBackward", "noGrad") {
            withNodeCreationHook({ _ in _ = x * 2 }) { _ = x.exp() }
        }
        let log = Log<Double>()
        withNodeCreationHook({ _ in noGrad { log.add((x * 2).item()) } }) { _ = x.exp() }
        #expect(log.all == [4])
    }

    @Test("inferenceMode(false) records inside noGrad, and setGradEnabled wraps functions")
    func modes() async throws {
        let x = leaf([2])
        #expect(noGrad { inferenceMode(false) { x * 2 } }.requiresGrad)
        #expect(!inferenceMode { inferenceMode(false) { noGrad { x * 2 } } }.requiresGrad)
        let quiet = setGradEnabled(false) { (t: Tensor) in t * 2 }
        let loud = setGradEnabled(true) { (t: Tensor) in t * 2 }
        #expect(!quiet(x).requiresGrad && noGrad { loud(x) }.requiresGrad)
        let later = noGrad { @Sendable (t: Tensor) async throws -> Tensor in
            await Task.yield()
            return t * 2
        }
        #expect(try await !later(x).requiresGrad)
        #expect((x * 2).requiresGrad)
    }
}
