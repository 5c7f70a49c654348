import Testing

@testable import AdjointCore

/// `grad` and `grads`: gradients handed out, no `.grad` touched; and gradients of gradients.
@Suite struct GradTests {
    @Test func gradHandsOutAndTouchesNothing() {
        let x = leaf([3])
        #expect(values(grad(of: x ** 3, wrt: x)) == [27])
        #expect(x.grad == nil)
    }

    @Test func gradWithRespectToAnInnerTensor() {
        let x = leaf([3])
        let y = x * x
        #expect(values(grad(of: y * y, wrt: y)) == [18])
    }

    @Test func whatASearchForGradientsDoesNotRunIsNotFreed() {
        let x = leaf([1])
        let y = x.exp()
        #expect(values(grad(of: y * y, wrt: y))![0] > 5)
        y.backward()
        #expect(x.grad != nil)
    }

    @Test func aNodeAtTheBottomRunsForBackwardAndNotForGrad() {
        let x = leaf([1])
        let log = Log<Int>()
        let y = x.exp()
        y.gradFn!.registerHook { _, _ in
            log.add(1)
            return nil
        }
        _ = grad(of: y * 2, wrt: y)
        #expect(log.all.isEmpty)
        (y * 2).backward(inputs: [y])
        #expect(log.all.count == 1 && x.grad == nil && values(y.grad) == [2])
    }

    @Test func unusedInputsFollowThePolicy() {
        let (x, w) = (leaf([2]), leaf([1, 1]))
        let y = x * x
        expectError(.autograd, "index 1", "not have been used") {
            _ = grads(of: [y], wrt: [x, w], retainGraph: true)
        }
        let nothing = grads(of: [y], wrt: [x, w], retainGraph: true, unused: .nil)
        #expect(values(nothing[0]) == [4] && nothing[1] == nil)
        let zeros = grads(of: [y], wrt: [x, w], unused: .zeros)
        #expect(values(zeros[1]) == [0, 0] && zeros[1]!.dtype == .float64)
    }

    @Test func inputsMustRequireGradientsAndExist() {
        let x = leaf([2])
        expectError(.autograd, "does not require grad") { _ = grad(of: x * 2, wrt: numbers([1])) }
        expectError(.argument, "empty") { _ = grads(of: [x * 2], wrt: []) }
    }

    @Test func theSameInputTwiceGivesTheFullGradientTwice() {
        let x = leaf([3])
        let found = grads(of: [x * x], wrt: [x, x])
        #expect(values(found[0]) == [6] && values(found[1]) == [6])
    }

    @Test func handedOutGradientsDoNotAliasTheCallersOrEachOther() {
        let (x, y, g) = (leaf([1]), leaf([1]), numbers([1]))
        let found = grads(of: [x + y], wrt: [x, y], gradients: [g])
        found[0]!.mul_(10)
        #expect(values(found[1]) == [1] && values(g) == [1])
        #expect(grad(of: x, wrt: x, gradient: g) !== g)
    }

    @Test func aHookThatWritesReachesNoOtherPathAndNotTheCaller() {
        let (x, y, g) = (leaf([1]), leaf([1]), numbers([1]))
        x.registerHook {
            $0.mul_(10)
            return nil
        }
        (x + y).backward(gradient: g)
        #expect(values(x.grad) == [10] && values(y.grad) == [1] && values(g) == [1])
    }

    @Test func createGraphGivesDerivativesOfAnyOrder() {
        let x = leaf([2])
        var derivative = x ** 4
        var found: [Double] = []
        for _ in 0..<5 {
            derivative = grad(of: derivative, wrt: x, createGraph: true)
            found.append(derivative.item())
        }
        #expect(found == [32, 48, 48, 24, 0])
    }

    @Test func withoutCreateGraphGradientsAreConstants() {
        let x = leaf([2])
        #expect(!grad(of: x * x, wrt: x).requiresGrad)
        #expect(grad(of: x * x, wrt: x, createGraph: true).requiresGrad)
    }

    @Test func createGraphRetainsTheGraphByDefault() {
        let x = leaf([2])
        let y = x * x
        _ = grad(of: y, wrt: x, createGraph: true)
        #expect(values(grad(of: y, wrt: x)) == [4])
        expectError(.graphFreed) { _ = grad(of: y, wrt: x) }
    }

    @Test func accumulationUnderCreateGraphIsOutOfPlaceAndDifferentiable() {
        let x = leaf([2])
        (x ** 3).backward(createGraph: true)
        let first = x.grad!
        #expect(values(first) == [12] && first.requiresGrad)
        x.grad!.sum().backward()
        #expect(values(x.grad) == [24] && values(first) == [12])
    }

    @Test func mixedSecondDerivativesAgree() {
        let (x, y) = (leaf([2]), leaf([3]))
        let f = x * x * y.exp()
        let dx = grad(of: f, wrt: x, createGraph: true)
        let dy = grad(of: f, wrt: y, createGraph: true)
        #expect(values(grad(of: dx, wrt: y)) == values(grad(of: dy, wrt: x)))
    }

    @Test func aSavedResultCanBeDifferentiatedAgain() {
        let x = leaf([1])
        let d1 = grad(of: x.exp(), wrt: x, createGraph: true)
        #expect(abs(grad(of: d1, wrt: x).item(as: Double.self) - 2.718281828459045) < 1e-12)
    }

    @Test func theGradientItselfMayRequireGradients() {
        let (x, g) = (leaf([3]), leaf([2]))
        let pulled = grad(of: x * x, wrt: x, gradient: g, createGraph: true)
        #expect(values(grad(of: pulled, wrt: g)) == [6])
    }

    @Test func aWriteToAGradientThatAGraphUsesIsNoticed() {
        let x = leaf([2])
        (x * x).backward(createGraph: true)
        let y = x.grad! * x.grad!
        noGrad { _ = x.grad!.add_(1) }
        expectError(.inPlace, "modified by an inplace operation") { y.backward() }
    }

    @Test func gradientsReachThroughSeveralOutputsOfOneOperation() {
        let x = leaf([1, 2, 3])
        let parts = [x[0], x[1], x[2]]
        backward(parts, gradients: [numbers([1], []), numbers([10], []), numbers([100], [])])
        #expect(values(x.grad) == [1, 10, 100])
    }
}
