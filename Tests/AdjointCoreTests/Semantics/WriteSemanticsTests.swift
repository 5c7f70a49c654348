import AdjointTesting
import Testing

@testable import AdjointCore

private struct Halves: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        [inputs[0][0..<1], inputs[0][1..<2]]
    }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [Tensor.cat([gradOutputs[0]!, gradOutputs[1]!])]
    }
}

/// Which tensors may be written, and what a write does to the history of what shares the memory.
@Suite struct WriteSemanticsTests {
    @Test("a write to a leaf that wants a gradient is refused where it happens, not in backward")
    func leafIsRefused() {
        let x = leaf([1, 2])
        expectError(.inPlace, "leaf", "in-place operation") { x.add_(1) }
        expectError(.inPlace, "view of a leaf") { x[0].add_(1) }
        #expect(values(x) == [1, 2])
        noGrad { _ = x.add_(1) }
        #expect(values(x) == [2, 3] && x.isLeaf)
    }

    @Test("each reason why a view cannot be written has an error of its own")
    func viewsThatCannotBeWritten() {
        let x = leaf([1, 2])
        var messages: Set<String> = []
        func refuse(_ view: Tensor, _ factor: Tensor) {
            let error = tensorError { view.mul_(factor) }
            #expect(error?.kind == .inPlace)
            messages.insert(error?.message ?? "")
        }
        let base = x.clone()
        refuse(base.unbind()[0], x[0])
        refuse(noGrad { x.clone()[0] }.view([]), x[0])
        refuse(inferenceMode { numbers([1, 2])[0] }, numbers([2], []))
        #expect(messages.count == 3, "\(messages)")
    }

    @Test("a view that was made under noGrad stays unwritable through further views")
    func inheritedReason() {
        let base = leaf([1, 2]).clone()
        let view = noGrad { base[0...] }
        expectError(.inPlace, "noGrad") { view.view(2)[0].mul_(2) }
        expectError(.inPlace, "noGrad") { view.mul_(2) }
    }

    @Test("what a custom function returns of its input's memory keeps the function's derivative")
    func viewsOfFunctions() {
        let x = leaf([2, 3])
        let halves = Halves().apply([x * 1])
        #expect(halves.count == 2)
        backward(halves)
        #expect(values(x.grad) == [1, 1])
        let again = Halves().apply([x * 1])
        let error = tensorError {
            again[0].mul_(2)
            backward(again)
        }
        // Refused, or recorded: never the gradient of the numbers before the write.
        if error == nil { #expect(values(x.grad) == [3, 2]) }
    }

    @Test("a base is remembered where it wants no gradient: a write may make it want one")
    func plainBase() {
        let (base, w) = (numbers([0, 0, 0]), leaf([5]))
        let view = base[1..<2]
        #expect(view.isView && !view.requiresGrad)
        view.copy_(w)
        #expect(base.requiresGrad && view.requiresGrad)
        (base * numbers([1, 10, 100])).sum().backward()
        #expect(values(w.grad) == [10])
    }

    @Test("a tensor that wants no gradient wants one after a write of a tensor that does")
    func targetsFollow() {
        let (a, w) = (numbers([0, 0]), leaf([1, 2]))
        a.add_(w)
        #expect(a.requiresGrad && !a.isLeaf && a.gradFn?.name == "AddBackward")
        a.sum().backward()
        #expect(values(w.grad) == [1, 1])
    }
}
