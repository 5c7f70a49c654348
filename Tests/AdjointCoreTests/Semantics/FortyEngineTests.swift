import Testing

@testable import AdjointCore

/// The subtle semantics 35 to 40: layouts, dtypes, empty tensors, modes, depth, order.
@Suite struct FortyEngineTests {
    @Test("35. cotangents come in any strides; a gradient has memory of its own, without gaps")
    func layouts() {
        let matrix = numbers([1, 2, 3, 4, 5, 6], [3, 2])
        let x = matrix.t().requiresGrad_()
        let strides = Log<[Int]>()
        let y = x * 1
        y.registerHook {
            strides.add($0.strides)
            return nil
        }
        y.sum().backward()
        #expect(strides.all.count == 1 && values(x.grad) == [1, 1, 1, 1, 1, 1])
        #expect(x.grad!.layout.extent == 6 && !x.grad!.layout.mayOverlap)
        let (transposed, column) = (leaf([1, 2, 3, 4], [2, 2]), leaf([5, 6]))
        (transposed.t() * numbers([1, 10, 100, 1000], [2, 2])).sum().backward()
        #expect(values(transposed.grad) == [1, 100, 10, 1000])
        (column.expand(3, 2) * numbers([1, 2])).sum().backward()
        #expect(values(column.grad) == [3, 6])
        let gaps = numbers([1, 2, 3, 4, 5, 6, 7, 8], [2, 4])[.all, .slice(nil, nil, step: 2)]
            .detach().requiresGrad_()
        #expect(gaps.strides == [4, 2])
        (gaps * 3).sum().backward()
        #expect(gaps.grad!.strides == [2, 1] && values(gaps.grad) == [3, 3, 3, 3])
    }

    @Test("36. a gradient has the dtype of its tensor, also where a product had a wider one")
    func dtypes() {
        let (x, y) = (leaf([2], dtype: .float32), leaf([3], dtype: .float64))
        (x * y).backward()
        #expect(x.grad!.dtype == .float32 && y.grad!.dtype == .float64)
        let half = leaf([2], dtype: .bfloat16)
        let (wide, log) = (half.to(.float32), Log<DType>())
        wide.registerHook {
            log.add($0.dtype)
            return nil
        }
        (wide * 3).backward()
        #expect(log.all == [.float32] && half.grad!.dtype == .bfloat16)
    }

    @Test("37. elements are tensors without dimensions; of nothing the sum is 0 and the mean NaN")
    func shapes() {
        let x = leaf([1, 2])
        #expect(x[0].shape == [])
        x[0].backward()
        #expect(values(x.grad) == [1, 0])
        let one = leaf([3], [1, 1])
        (one * 2).backward()
        #expect(values(one.grad) == [2] && one.grad!.shape == [1, 1])
        let empty = leaf([])
        #expect(empty.sum().item() == 0.0)
        empty.sum().backward()
        #expect(values(empty.grad) == [] && empty.grad!.shape == [0])
        #expect((empty.mean().item() as Double).isNaN)
        expectError(.autograd, "scalar outputs") { (empty * 2).backward() }
    }

    @Test("38. what counts is the mode when a node is made; a write under noGrad is noticed")
    func modes() {
        let x = leaf([1, 2])
        let base = x.clone()
        let view = noGrad { base[0] }
        expectError(.inPlace, "noGrad") { view.mul_(2) }
        let y = x.exp()
        let before = y.version
        noGrad { _ = y.mul_(2) }
        #expect(y.version == before + 1)
        expectError(.inPlace, "modified by an inplace operation") { y.sum().backward() }
        let z = (x * 3).sum()
        noGrad { z.backward() }
        #expect(values(x.grad) == [3, 3])
    }

    @Test("39. a chain of 100,000 nodes is built, walked, copied to a graph and freed")
    func depth() {
        let x = leaf([1])
        var y = x
        for _ in 0..<100_000 { y = y + 1 }
        #expect(y.graph().nodes.count == 100_001)
        y.backward()
        #expect(values(x.grad) == [1])
    }

    @Test("40. a node waits for all that it fed, whatever the order of the roots")
    func order() {
        for turn in [false, true] {
            let x = leaf([1])
            let a = x * 2
            let b = a * 3
            backward(turn ? [a, b] : [b, a])
            #expect(values(x.grad) == [8])
        }
    }

    @Test("40. of nodes that are ready the latest runs first, and sums before everything")
    func ties() {
        let x = leaf([1])
        let log = Log<String>()
        func branch(_ name: String) -> Tensor {
            let y = x * 1
            y.gradFn!.registerPrehook { _ in
                log.add(name)
                return nil
            }
            return y
        }
        let (first, second) = (branch("first"), branch("second"))
        let w = leaf([1])
        w.registerPostAccumulateGradHook { _ in log.add("leaf") }
        (first + second + w).backward()
        #expect(log.all == ["leaf", "second", "first"])
    }
}
