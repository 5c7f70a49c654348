import Testing

@testable import AdjointCore

/// Views and writes: the base's history is rebased, the views' follow it.
@Suite struct ViewTests {
    @Test func aWriteToAViewRebasesTheBase() {
        let (x, w) = (leaf([1, 2, 3]), leaf([5]))
        let y = x * 2
        y[1..<2] = w * 3
        #expect(y.gradFn?.name == "CopySlicesBackward")
        (y * numbers([1, 10, 100])).sum().backward()
        #expect(values(x.grad) == [2, 0, 200])
        #expect(values(w.grad) == [30])
    }

    @Test func aBaseWithoutGradientsRequiresThemAfterAWriteThroughAView() {
        let w = leaf([1, 2])
        let b = numbers([0, 0, 0])
        let v = b[1...]
        v.copy_(w)
        #expect(b.requiresGrad && v.requiresGrad)
        (b * numbers([1, 10, 100])).sum().backward()
        #expect(values(w.grad) == [10, 100])
    }

    @Test func aViewsHistoryFollowsTheBase() {
        let x = leaf([1, 2])
        let b = x.clone()
        let v = b[0]
        b.mul_(3)
        v.backward()
        #expect(values(x.grad) == [3, 0])
    }

    @Test func aBasesHistoryFollowsTheView() {
        let x = leaf([1, 2])
        let b = x.clone()
        b[0].mul_(3)
        b.sum().backward()
        #expect(values(x.grad) == [3, 1])
    }

    @Test func aTransposedViewIsWrittenAtItsPlaces() {
        let x = leaf([1, 2, 3, 4], [2, 2])
        let b = x.clone()
        b.t()[0].mul_(10)
        #expect(values(b) == [10, 2, 30, 4])
        b.sum().backward()
        #expect(values(x.grad) == [10, 1, 10, 1])
    }

    @Test func siblingViewsSeeEachOthersWrites() {
        let x = leaf([1, 2, 3])
        let b = x.clone()
        let (p, q) = (b[0..<2], b[1..<3])
        p.mul_(2)
        q.mul_(5)
        #expect(values(b) == [2, 20, 15])
        p.sum().backward()
        #expect(values(x.grad) == [2, 10, 0])
    }

    @Test func chainsOfViewsWriteThroughToTheBase() {
        let x = leaf([1, 2, 3, 4, 5, 6], [2, 3])
        let b = x.clone()
        b[1].view(3)[1...].mul_(4)
        #expect(values(b) == [1, 2, 3, 4, 20, 24])
        b.sum().backward()
        #expect(values(x.grad) == [1, 1, 1, 1, 4, 4])
    }

    @Test func viewsAreMarkedAndShareMemory() {
        let x = numbers([1, 2, 3, 4], [2, 2])
        for view in [x[0], x.t(), x.view(4), x.unsqueeze(0), x.expand(3, 2, 2), x[.all, 0..<1]] {
            #expect(view.isView && view.storage === x.storage)
        }
        #expect(!x.clone().isView && !x.isView)
        #expect(!x.t().contiguous().isView)
    }

    @Test func viewsMadeUnderNoGradCannotBeWrittenUnderARecording() {
        let x = leaf([1, 2])
        let b = x.clone()
        let v = noGrad { b[0] }
        expectError(.inPlace, "noGrad") { v.mul_(2) }
        expectError(.inPlace, "noGrad") { v.mul_(x[0]) }
        let chained = v.view(1)
        expectError(.inPlace, "noGrad") { chained.mul_(2) }
        noGrad { _ = v.mul_(2) }
        #expect(values(b) == [2, 2])
    }

    @Test func oneOfSeveralViewsOfAFunctionCannotBeWritten() {
        let x = leaf([1, 2, 3, 4])
        for parts in [x.clone().unbind(), x.clone().split(2)] {
            expectError(.inPlace, "is a view", "multiple views") { parts[0].mul_(2) }
        }
        let constants = numbers([1, 2]).unbind()
        constants[0].mul_(5)
        #expect(values(constants[0]) == [5])
    }

    @Test func writesThroughViewsBreakWhatWasSaved() {
        let x = leaf([1, 2])
        let y = x.exp()
        noGrad { _ = y[0].zero_() }
        expectError(.inPlace, "modified by an inplace operation") { y.sum().backward() }
    }

    @Test func gradientsOfOverlappingViewsAddUp() {
        let x = leaf([1, 2, 3, 4])
        x.asStrided([3, 2], [1, 1]).sum().backward()
        #expect(values(x.grad) == [1, 2, 2, 1])
        let y = leaf([7])
        y.expand(4).sum().backward()
        #expect(values(y.grad) == [4])
    }

    @Test func selectingGivesZerosElsewhere() {
        let x = leaf([1, 2])
        x[0].backward()
        #expect(values(x.grad) == [1, 0])
        let y = leaf([1, 2, 3, 4], [2, 2])
        y[1, 0].backward()
        #expect(values(y.grad) == [0, 0, 1, 0])
    }

    @Test func secondDerivativesPassThroughRebasedHistory() {
        let x = leaf([2, 3])
        let b = x * x
        b[0].mul_(x[1])
        // f = x0² x1 + x1²
        let first = grad(of: b.sum(), wrt: x, createGraph: true)
        #expect(values(first) == [12, 10])
        #expect(values(grad(of: first[0], wrt: x, retainGraph: true)) == [6, 4])
        #expect(values(grad(of: first[1], wrt: x)) == [4, 2])
    }
}
