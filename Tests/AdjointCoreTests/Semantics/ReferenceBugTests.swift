import AdjointTesting
import Testing

@testable import AdjointCore

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

/// Sixteen behaviours of PyTorch 2.15 that its users report as errors, and that are otherwise here.
@Suite struct ReferenceBugTests {
    @Test("1. a second derivative that a once-differentiable function lacks is never left out")
    func onceDifferentiable() {
        let x = leaf([3])
        let y = OnceSquare().apply(x) + x ** 3
        let first = grad(of: y, wrt: x, createGraph: true)
        #expect(values(first) == [33])
        expectError(.autograd, "OnceSquare") { _ = grad(of: first, wrt: x) }
    }

    @Test("2. an intermediate that a function saved is no constant in its second derivative")
    func savedIntermediate() {
        let x = leaf([2])
        let first = grad(of: CubeByIntermediate().apply(x), wrt: x, createGraph: true)
        #expect(values(first) == [12])
        expectError(.autograd, "CubeByIntermediate") { _ = grad(of: first, wrt: x) }
    }

    @Test("3. a hook that writes to its gradient changes neither a sibling's nor the caller's")
    func aliasing() {
        let (x, y, g) = (leaf([1]), leaf([1]), numbers([1]))
        x.registerHook {
            $0.mul_(10)
            return nil
        }
        (x + y).backward(gradient: g)
        #expect(values(x.grad) == [10] && values(y.grad) == [1] && values(g) == [1])
        let found = grads(of: [x + y], wrt: [x, y], gradients: [g])
        #expect(values(found[0]) == [10] && values(found[1]) == [1] && values(g) == [1])
    }

    @Test("4. what an unpack hook returns must have the shape and dtype of what was saved")
    func unpackedShape() {
        let x = leaf([1, 2])
        let shaped = savedTensorsHooks(pack: { $0 }, unpack: { $0.sum() }) { x * x }
        expectError(.shape, "unpack") { shaped.sum().backward() }
        let typed = savedTensorsHooks(pack: { $0 }, unpack: { $0.to(.float32) }) { x * x }
        expectError(.dtype, "unpack") { typed.sum().backward() }
        #expect(x.grad == nil)
    }

    @Test("5. a checkpoint whose second run saves more than the first is refused, as with fewer")
    func checkpointWithMore() {
        for extra in [false, true] {
            let runs = Log<Int>()
            let x = leaf([0.5])
            let y = checkpoint(
                { x in
                    runs.add(1)
                    let isSecond = runs.all.count > 1
                    return isSecond == extra ? x.sin().exp() : x.sin()
                }, x)
            #expect(tensorError { y.backward() } != nil, "more in the second run: \(extra)")
            #expect(x.grad == nil)
        }
    }

    @Test("6. a write that goes past the tensor's operations is counted too")
    func hiddenWrites() {
        let x = leaf([1, 2])
        let y = x.exp()
        y.detach().withUnsafeMutableBuffer(of: Double.self) { $0[0] = 100 }
        expectError(.inPlace, "modified by an inplace operation") { y.sum().backward() }
        // Reading memory of what has a history is refused until it is detached.
        expectError(.autograd, "detach()") { y.withUnsafeBuffer(of: Double.self) { _ in } }
    }

    @Test("7. the second derivative of a norm at 0 is 0, not NaN")
    func normTwice() {
        let x = leaf([0, 0])
        let first = grad(of: x.norm(), wrt: x, createGraph: true)
        let second = grads(of: [first.sum()], wrt: [x], unused: .zeros)
        #expect(values(second[0]) == [0, 0])
    }

    @Test("8. a branch that where did not take gives no NaN")
    func untakenBranch() {
        let x = leaf([0, -1, 4])
        Tensor.where(x .> 0, x.sqrt(), 0).sum().backward()
        #expect(values(x.grad) == [0, 0, 0.25])
    }

    @Test("9. a write through a strided view whose elements overlap in part is refused")
    func partialOverlap() {
        let memory = numbers([1, 2, 3, 4])
        let windows = memory.asStrided([3, 2], [1, 1])
        expectError(.inPlace, "more than one element") { windows.add_(1) }
        expectError(.inPlace, "more than one element") { windows.copy_(numbers([9])) }
        #expect(values(memory) == [1, 2, 3, 4])
        memory.asStrided([2, 2], [2, 1]).add_(1)
        #expect(values(memory) == [2, 3, 4, 5])
    }

    @Test("10. of several writers of one place the last, whose value stayed, gets the gradient")
    func repeatedWrites() {
        let index = Tensor([0, 0, 1])
        let weights = numbers([1, 10])
        let written: [(Tensor) -> Tensor] = [
            { numbers([0, 0]).scatter(dim: 0, index: index, src: $0) },
            { numbers([0, 0]).indexPut([index], $0) },
            { numbers([0, 0]).indexCopy(dim: 0, index: index, src: $0) },
        ]
        for write in written {
            let x = leaf([5, 6, 7])
            let y = write(x)
            #expect(values(y) == [6, 7])
            (y * weights).sum().backward()
            #expect(values(x.grad) == [0, 1, 10])
        }
        let target = numbers([0, 0])
        let x = leaf([5, 6, 7])
        target[index] = x
        (target * weights).sum().backward()
        #expect(values(x.grad) == [0, 1, 10])
    }

    @Test("11. an anomaly's error holds the forward line itself, and an infinity is one")
    func anomalies() {
        let x = leaf([0])
        let error = tensorError { detectAnomaly { x.sqrt().backward() } }
        #expect(error?.kind == .anomaly)
        #expect(error?.message.contains("SqrtBackward") == true)
        #expect(error?.message.contains("ReferenceBugTests.swift:") == true)
    }

    @Test("12. the order around a retained gradient: tensor hooks, the store, prehooks of the node")
    func order() {
        let x = leaf([2])
        let y = x * 3
        let log = Log<String>()
        y.gradFn!.registerPrehook { [weak y] gradients in
            log.add("prehook \(values(gradients[0])!), retained \(values(y?.grad)!)")
            return [gradients[0]! * 7]
        }
        y.retainGrad()
        y.registerHook { $0 * 10 }
        y.backward()
        #expect(log.all == ["prehook [10.0], retained [10.0]"])
        #expect(values(y.grad) == [10] && values(x.grad) == [210])
    }

    @Test("13. a tensor made of computed numbers keeps their history")
    func stacked() {
        let x = leaf([2], [])
        let y = Tensor([x * 3, x * x])
        #expect(y.shape == [2] && y.requiresGrad)
        (y * numbers([1, 10])).sum().backward()
        #expect(values(x.grad) == [43])
    }

    @Test("14. a leaf that is switched off after the forward pass still gets that pass's gradient")
    func switchedOff() {
        let (x, w) = (leaf([2]), leaf([3]))
        let y = x * w
        x.requiresGrad = false
        y.backward()
        #expect(values(x.grad) == [3] && values(w.grad) == [2])
        #expect(!(x * 1).requiresGrad)
    }

    @Test("15. after an error in a pass each leaf has the gradient that it had before")
    func rollback() {
        let (x, w, late) = (leaf([2]), leaf([3]), leaf([4]))
        x.grad = numbers([5])
        let broken = late.exp()
        let root = w * 2 + broken + x * 3
        broken.detach().zero_()
        expectError(.inPlace) { root.backward() }
        #expect(values(x.grad) == [5] && w.grad == nil && late.grad == nil)
    }

    @Test("16. a gradient of another dtype is refused, not converted without a word")
    func gradientDType() {
        let x = leaf([1, 2], dtype: .float32)
        expectError(.dtype, "float64", "float32") { (x * 2).backward(gradient: numbers([1, 1])) }
        expectError(.dtype, "int64", "float32") { (x * 2).backward(gradient: Tensor([1, 1])) }
        #expect(x.grad == nil)
    }
}
