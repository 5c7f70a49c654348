import AdjointTesting
import Testing

@testable import AdjointCore

/// What `vmap` promises beyond single operations, which the sweep covers.
@Suite struct VmapTests {
    private func numbers(_ sizes: Dims, _ seed: Int = 3) -> Tensor {
        Sample.Input(sizes, .uniform(-1, 1)).make(seed: seed)
    }

    @Test func mapsAFunctionOfOneTensor() throws {
        let x = numbers([3, 4])
        let norms = vmap { ($0 * $0).sum() }(x)
        try expectClose(norms, (x * x).sum(dim: 1))
    }

    @Test func inDimsAndOutDimMoveTheBatchDimension() throws {
        let (x, y) = (numbers([4, 3]), numbers([3, 5]))
        let outer = vmap(inDims: [1, 0], outDim: -1) { a, b in a.unsqueeze(1) * b }(x, y)
        #expect(outer.shape == [4, 5, 3])
        try expectClose(outer, (x.t().unsqueeze(2) * y.unsqueeze(1)).permute(1, 2, 0))
    }

    @Test func anArgumentWithoutADimensionIsShared() throws {
        let (x, w) = (numbers([3, 4]), numbers([4]))
        try expectClose(vmap(inDims: [0, nil]) { a, b in (a * b).sum() }(x, w), x.matmul(w))
    }

    @Test func whatIsCapturedIsShared() throws {
        let (x, w) = (numbers([3, 4]), numbers([4, 2]))
        try expectClose(vmap { $0.matmul(w) }(x), x.matmul(w))
    }

    @Test func arraysOfTensorsMap() throws {
        let (x, y) = (numbers([3, 2]), numbers([3, 2], 4))
        let both = vmap { (xs: [Tensor]) in [xs[0] + xs[1], xs[0] * xs[1]] }([x, y])
        try expectClose(both[0], x + y)
        try expectClose(both[1], x * y)
    }

    @Test func aResultThatDoesNotDependOnTheSampleIsRepeated() throws {
        let w = numbers([2])
        try expectClose(vmap { _ in w.exp() }(numbers([3, 1])), w.exp().expand(3, 2))
    }

    @Test func levelsNest() throws {
        let (x, y) = (numbers([3, 2]), numbers([4, 2]))
        let table = vmap { a in vmap { b in (a * b).sum() }(y) }(x)
        try expectClose(table, x.matmul(y.t()))
        let transposed = vmap(inDims: [1]) { a in vmap { $0.exp() * a.sum() }(a) }(x)
        try expectClose(transposed, x.t().exp() * x.t().sum(dim: 1, keepDim: true))
    }

    @Test func aNewRankBeyondEightIsRefused() {
        let x = Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1])
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { vmap { $0.unsqueeze(0).unsqueeze(0) }(x) }
        }
    }

    @Test func inPlaceWritesGoToEverySample() throws {
        let x = numbers([3, 2])
        let result = vmap { a in
            let y = a.clone()
            y[0] = y[1] * 2
            y += a
            return y
        }(x)
        try expectClose(result, x + Tensor.stack([x[.all, 1] * 2, x[.all, 1]], dim: 1))
    }

    @Test func inPlaceHistoryIsKeptInsideAndOutside() throws {
        func f(_ a: Tensor) -> Tensor {
            let y = a * 2
            y[0] = y[0] + a[1] * a[0]
            y.mul_(a)
            return y.sum()
        }
        let x = numbers([3, 2])
        let expected = Tensor.stack((0..<3).map { grad(f)(x[$0]) })
        try expectClose(vmap(grad(f))(x), expected)
        try expectClose(grad { vmap(f)($0).sum() }(x), expected)
    }

    @Test func aViewAndItsBaseShareMemory() throws {
        let result = vmap { (a: Tensor) -> Tensor in
            let y = a.clone()
            y.view(4)[1...].mul_(a.sum())
            return y
        }(numbers([2, 2, 2]))
        let x = numbers([2, 2, 2])
        let factor = Tensor.stack(
            [Tensor.onesLike(x.sum(dim: [1, 2]))]
                + (0..<3).map { _ in
                    x.sum(dim: [1, 2])
                }, dim: 1)
        try expectClose(result, x * factor.reshape(2, 2, 2))
    }

    @Test func asStridedStaysWithinItsSample() throws {
        let x = numbers([3, 4])
        try expectClose(vmap { $0.asStrided([2, 2], [1, 2]) }(x), x.view(3, 2, 2).mT)
    }

    @Test func positionsOfEverySampleIndexItsOwnRows() throws {
        let x = numbers([3, 4])
        let i = Tensor([2, 0, 3])
        try expectClose(
            vmap { a, k in a[k] }(x, i), x.gather(dim: 1, index: i.unsqueeze(1)).squeeze(1))
    }

    @Test func aSampleWithoutDimensionsWeighsLittleInPromotion() {
        let x = Tensor([1.5, 2.5], dtype: .float64)
        #expect(vmap { $0 * Tensor([1.0, 2.0, 3.0]) }(x).dtype == .float32)
    }

    @Test func chunksGiveTheSame() throws {
        let x = numbers([7, 3])
        let f: (Tensor) -> Tensor = { $0.exp().cumsum(dim: 0) }
        for size in [1, 2, 3, 7, 20] {
            try expectClose(vmap(chunkSize: size, f)(x), vmap(f)(x))
            try expectClose(vmap(outDim: -1, chunkSize: size, f)(x), vmap(outDim: -1, f)(x))
        }
    }

    @Test func aBatchOfNothingHasTheRightShape() {
        #expect(vmap { $0.matmul(Tensor.ones(2, 5)) }(Tensor.zeros(0, 3, 2)).shape == [0, 3, 5])
    }

    @Test func handlesPrintWithoutTheirElements() {
        var text = ""
        _ = vmap { (a: Tensor) -> Tensor in
            text = "\(a)"
            return a
        }(Tensor.zeros(3, 2))
        #expect(text == "tensor(..., size: [2], vmap: 3 samples)")
    }

    @Test func networksOfUnbatchedLayersMap() throws {
        let (x, w) = (numbers([4, 2, 6, 6]), numbers([3, 2, 3, 3]))
        let y = vmap { maxPool2d(conv2d($0, w, padding: 1).relu(), kernelSize: 2) }(x)
        try expectClose(y, maxPool2d(conv2d(x, w, padding: 1).relu(), kernelSize: 2))
    }
}
