import Testing

@testable import AdjointCore

/// The subtle semantics 24 to 29: writes in place, versions, views and the history they rewrite.
@Suite struct FortyWriteTests {
    @Test("24. a write is legal unless it hits what a derivative will read")
    func savedDecides() {
        let x = leaf([-1, 2])
        let hidden = x * 1
        let rectified = hidden.relu()
        hidden.mul_(10)
        rectified.sum().backward()
        #expect(values(x.grad) == [0, 1])

        let y = leaf([1, 3, 2])
        let picked = y * 1
        let largest = picked.max(dim: 0).values
        picked.mul_(10)
        largest.backward()
        #expect(values(y.grad) == [0, 1, 0])

        let shared = y * 1
        let maximum = shared.max()
        shared.mul_(10)
        expectError(.inPlace, "modified by an inplace operation") { maximum.backward() }

        let twice = x * 1
        twice.exp_().exp_()
        expectError(.inPlace, "version 2", "version 1") { twice.sum().backward() }
    }

    @Test(
        "24. exp, sigmoid, tanh, sqrt, rsqrt, reciprocal and relu read their result, not their input",
        arguments: ["exp", "sigmoid", "tanh", "sqrt", "rsqrt", "reciprocal", "relu"])
    func savesResult(_ name: String) {
        let (x, make) = (leaf([0.5, 2]), Self.functions[name]!)
        let input = x * 1
        let result = make(input)
        input.zero_()
        result.sum().backward()
        let twin = leaf([0.5, 2])
        #expect(agree(values(x.grad), values(grad(of: make(twin).sum(), wrt: twin))!))
        let written = make(x * 1)
        written.detach().zero_()
        expectError(.inPlace, "modified by an inplace operation") { written.sum().backward() }
    }

    @Test(
        "24. sin, cos, log, abs, softplus, gelu and powers read their input, not their result",
        arguments: ["sin", "cos", "log", "abs", "softplus", "gelu", "pow"])
    func savesInput(_ name: String) {
        let (x, make) = (leaf([0.5, 2]), Self.functions[name]!)
        let input = x * 1
        let result = make(input)
        input.detach().zero_()
        expectError(.inPlace, "modified by an inplace operation") { result.sum().backward() }
        let written = make(x * 1)
        written.detach().zero_()
        written.sum().backward()
        let twin = leaf([0.5, 2])
        #expect(agree(values(x.grad), values(grad(of: make(twin).sum(), wrt: twin))!))
    }

    private static let functions: [String: @Sendable (Tensor) -> Tensor] = [
        "exp": { $0.exp() }, "sigmoid": { $0.sigmoid() }, "tanh": { $0.tanh() },
        "sqrt": { $0.sqrt() }, "rsqrt": { $0.rsqrt() }, "reciprocal": { $0.reciprocal() },
        "relu": { $0.relu() }, "sin": { $0.sin() }, "cos": { $0.cos() }, "log": { $0.log() },
        "abs": { $0.abs() }, "softplus": { $0.softplus() }, "gelu": { $0.gelu() },
        "pow": { $0 ** 3 },
    ]

    @Test("25. detached tensors, views and buffers count their writes where the tensor does")
    func sharedVersion() {
        let x = leaf([1, 2])
        for write: (Tensor) -> Void in [
            { $0.detach().zero_() }, { y in noGrad { _ = y[0].zero_() } },
            { $0.detach().withUnsafeMutableBuffer(of: Double.self) { $0[0] = 100 } },
        ] {
            let y = x.exp()
            write(y)
            #expect(y.version == 1)
            expectError(.inPlace, "modified by an inplace operation") { y.sum().backward() }
        }
    }

    @Test("26. a step between two passes breaks a graph that saved the parameter, and no other")
    func stepBetweenPasses() {
        let w = leaf([2])
        let (square, scaled) = (w * w, w * numbers([3]))
        square.backward(retainGraph: true)
        noGrad { _ = w.sub_(w.grad! * 0.1) }
        expectError(.inPlace, "modified by an inplace operation") { square.backward() }
        w.grad = nil
        scaled.backward()
        #expect(values(w.grad) == [3])
    }

    @Test("27. a write through a view rewrites the history of its base")
    func rebasing() {
        let (x, w) = (leaf([1, 2, 3]), leaf([5]))
        let y = x * 2
        y[1..<2] = w * 3
        (y * numbers([1, 10, 100])).sum().backward()
        #expect(values(x.grad) == [2, 0, 200] && values(w.grad) == [30])
        let (base, source) = (numbers([0, 0, 0]), leaf([1, 2]))
        base[1...].copy_(source)
        #expect(base.requiresGrad)
        (base * numbers([1, 10, 100])).sum().backward()
        #expect(values(source.grad) == [10, 100])
    }

    @Test("28. the history of a view is that of its base at its latest write")
    func viewsFollow() {
        let x = leaf([1, 2])
        let base = x.clone()
        let view = base[0]
        let before = view.gradFn
        base.mul_(3)
        #expect(view.gradFn !== before)
        view.backward()
        #expect(values(x.grad) == [3, 0])
        let y = leaf([1, 2])
        let other = y.clone()
        other[0].mul_(3)
        other.sum().backward()
        #expect(values(y.grad) == [3, 1])
        let z = leaf([1, 2, 3, 4], [2, 2])
        let matrix = z.clone()
        matrix.t()[0].mul_(10)
        matrix.sum().backward()
        #expect(values(z.grad) == [10, 1, 10, 1])
    }

    @Test("29. retainGrad follows a tensor through writes, hooks stay with the value they saw")
    func afterWrites() {
        let x = leaf([2])
        let y = x * 2
        let log = Log<String>()
        y.retainGrad()
        y.registerHook {
            log.add("old \($0.item(as: Double.self))")
            return nil
        }
        y.mul_(3)
        y.registerHook {
            log.add("new \($0.item(as: Double.self))")
            return nil
        }
        y.backward()
        #expect(values(y.grad) == [1] && values(x.grad) == [6])
        #expect(log.all == ["new 1.0", "old 3.0"])
        let z = x * 2
        z.retainGrad()
        z.view(1).mul_(3)
        z.backward()
        #expect(values(z.grad) == [1])
    }
}
