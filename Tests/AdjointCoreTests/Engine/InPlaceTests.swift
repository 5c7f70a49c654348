import AdjointTesting
import Testing

@testable import AdjointCore

/// Writes in place: what autograd forbids, what it records, what it notices.
@Suite struct InPlaceTests {
    @Test func aLeafThatRequiresGradientsCannotBeWritten() {
        let x = leaf([1, 2])
        expectError(.inPlace, "leaf") { x.add_(1) }
        expectError(.inPlace, "leaf") { x[0].add_(1) }
        expectError(.inPlace, "leaf") { x.view(2).zero_() }
        #expect(values(x) == [1, 2] && x.version == 0)
        noGrad { _ = x.add_(1) }
        #expect(values(x) == [2, 3] && x.isLeaf && x.requiresGrad)
    }

    @Test func aWriteOfATensorWithGradientsMakesItsTargetRequireThem() {
        let w = leaf([1, 2])
        let a = numbers([0, 0])
        a.add_(w)
        #expect(a.requiresGrad && a.gradFn?.name == "AddBackward")
        a.sum().backward()
        #expect(values(w.grad) == [1, 1])
    }

    @Test func anInPlaceChainHasTheGradientOfItsOutOfPlaceTwin() {
        let x = leaf([0.5, -1])
        let y = x * 1
        y.mul_(3).add_(x).exp_()
        y.sum().backward()
        let expected = grad(of: (x * 3 + x).exp().sum(), wrt: x)
        #expect(values(x.grad) == values(expected))
    }

    @Test func versionsCountWritesAndAreSharedByViews() {
        let x = numbers([1, 2, 3])
        let v = x[1...]
        #expect(x.version == 0)
        x.add_(1)
        v.mul_(2)
        x.detach().zero_()
        #expect(x.version == 3 && v.version == 3)
    }

    @Test func theMessageNamesTheSaverAndBothVersions() {
        let x = leaf([1, 2])
        let y = x.exp()
        y.add_(1)
        let error = tensorError { y.sum().backward() }
        #expect(error?.kind == .inPlace)
        #expect(error?.operation == "exp")
        for words in [
            "one of the variables needed for gradient computation has been modified by an inplace",
            "ExpBackward", "version 0", "version 1", "[2]",
        ] {
            #expect(error?.message.contains(words) == true)
        }
    }

    @Test func whatIsSavedDecidesWhichWritesAreLegal() {
        // relu and exp save their result, sin its input.
        let x = leaf([-1, 2])
        let a = x * 1
        let r = relu(a)
        a.mul_(10)
        r.sum().backward()
        #expect(values(x.grad) == [0, 1])
        let b = x * 1
        let s = b.sin()
        b.mul_(10)
        expectError(.inPlace) { s.sum().backward() }
        let c = x * 1
        c.exp_().exp_()
        expectError(.inPlace, "version 2", "version 1") { c.sum().backward() }
    }

    @Test func aFactorThatNobodySavedMayBeWritten() {
        let (x, c) = (leaf([2]), numbers([3]))
        let y = x * c
        noGrad { _ = x.add_(1) }
        y.backward()
        #expect(values(x.grad) == [3])
        let z = x * c
        c.add_(1)
        expectError(.inPlace) { z.backward() }
    }

    @Test func aParameterStepBetweenTwoPassesIsNoticedWhereItWasSaved() {
        let w = leaf([2])
        let y = w * w
        y.backward(retainGraph: true)
        noGrad { _ = w.sub_(w.grad! * 0.1) }
        expectError(.inPlace) { y.backward() }
    }

    @Test func writesUnderNoGradAreNotRecordedAndAreNoticed() {
        let x = leaf([1])
        let y = x.exp()
        noGrad { _ = y.mul_(2) }
        #expect(y.gradFn?.name == "ExpBackward")
        expectError(.inPlace) { y.backward() }
    }

    @Test func shapesAndDTypesMustHoldTheResult() {
        expectError(.shape, "[1]", "[3]") { numbers([1]).add_(numbers([1, 2, 3])) }
        expectError(.dtype, "can't be cast") {
            Tensor([1, 2], dtype: .int64).add_(Tensor([0.5, 0.5]))
        }
        let x = Tensor([1.0, 2.0], dtype: .float32)
        x.add_(numbers([1, 1]))
        #expect(x.dtype == .float32 && values(x) == [2, 3])
    }

    @Test func writingToRepeatedElementsIsRefused() {
        let x = numbers([1]).expand(3)
        expectError(.inPlace, "more than one element") { x.add_(1) }
        let y = numbers([1, 2, 3, 4])
        expectError(.inPlace, "some elements") { y[1...].add_(y[0..<3]) }
        #expect(values(y) == [1, 2, 3, 4])
        y.add_(y)
        #expect(values(y) == [2, 4, 6, 8])
    }

    @Test func operandsApartInOneStorageMayMeet() {
        let x = numbers([1, 2, 3, 4])
        x[.slice(0, nil, step: 2)].add_(x[.slice(1, nil, step: 2)])
        #expect(values(x) == [3, 2, 7, 4])
    }

    @Test func compoundAssignmentWritesThroughAConstant() {
        let x = numbers([1, 2])
        let alias = x
        x += 1
        x *= numbers([2, 3])
        x -= 1
        x /= 2
        #expect(values(alias) == [1.5, 4])
        #expect(x.version == 4)
    }

    @Test func copyConvertsAndBroadcastsAndPassesGradients() {
        let (w, x) = (leaf([3], dtype: .float32), leaf([1, 2]))
        let y = x * 1
        y.copy_(w)
        #expect(values(y) == [3, 3] && y.dtype == .float64)
        y.sum().backward()
        #expect(values(w.grad) == [2] && w.grad!.dtype == .float32)
        #expect(values(x.grad) == [0, 0] || x.grad == nil)
    }

    @Test func fillAndZeroCutTheHistory() {
        let x = leaf([1, 2])
        let y = x * 3
        y.zero_()
        (y * y).sum().backward()
        #expect(values(x.grad) == [0, 0] || x.grad == nil)
    }
}
