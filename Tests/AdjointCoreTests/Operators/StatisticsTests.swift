import AdjointTesting
import Testing

@testable import AdjointCore

/// Statistics that are compositions: their gradients, what they refuse, and their edges.
@Suite struct StatisticsTests {
    /// A function, and a point clear of ties.
    struct Smooth: Sendable, CustomTestStringConvertible {
        let name: String
        let shape: [Int]
        let function: @Sendable (Tensor) -> Tensor
        var testDescription: String { name }
    }

    static let smooth: [Smooth] = [
        Smooth(name: "quantile", shape: [4, 5]) { $0.quantile(0.3, dim: 1) },
        Smooth(name: "midpoint", shape: [4, 5]) {
            $0.quantile(0.3, dim: 0, keepDim: true, interpolation: .midpoint)
        },
        Smooth(name: "nanquantile", shape: [4, 5]) {
            $0.nanquantile(Tensor([0.2, 0.9], dtype: .float64))
        },
        Smooth(name: "q of quantile", shape: [3]) {
            Tensor([3, 1, 4, 1.5, 9], dtype: .float64).quantile($0.sigmoid())
        },
        Smooth(name: "diff", shape: [5, 3]) { $0.diff(n: 2, dim: 0) },
        Smooth(name: "gradient", shape: [4, 5]) { Tensor.cat($0.gradient(edgeOrder: 2), dim: 0) },
        Smooth(name: "uneven gradient", shape: [4]) { x in
            let places = Tensor([0, 1, 3, 3.5], dtype: .float64)
            return x.gradient(coordinates: [places], edgeOrder: 2)[0]
        },
        Smooth(name: "trapezoid", shape: [3, 4]) { $0.trapezoid($0.cumsum(dim: 1), dim: 1) },
        Smooth(name: "cumulativeTrapezoid", shape: [3, 4]) { $0.cumulativeTrapezoid(dim: 0) },
        Smooth(name: "nanmean", shape: [3, 4]) { $0.nanmean(dim: 1) },
        Smooth(name: "stdMean", shape: [3, 4]) { x in
            let found = x.stdMean(dim: [0])
            return found.std * found.mean
        },
        Smooth(name: "logcumsumexp", shape: [6]) { ($0 * 30).logcumsumexp(dim: 0) },
        Smooth(name: "copysign", shape: [6]) { $0.copysign(-1) },
        Smooth(name: "aminmax", shape: [6]) { $0.aminmax().max - $0.aminmax().min },
    ]

    @Test("gradients of both orders, in both modes", arguments: smooth)
    func gradients(_ smooth: Smooth) {
        let count = smooth.shape.reduce(1, *)
        let x = withGenerator(seed: 4) {
            (Tensor.randn([count], dtype: .float64) * 0.2 + Tensor.arange(0, count).sin())
                .reshape(smooth.shape)
        }.requiresGrad_()
        #expect(gradcheck(smooth.function, [x]))
        #expect(gradgradcheck(smooth.function, [x]))
    }

    @Test("a NaN is the median, the quantile and the largest; or is passed over")
    func nan() throws {
        let x = Tensor([[1, .nan, 3, 2], [.nan, .nan, .nan, .nan]], dtype: .float64)
        #expect(x.nanmedian(dim: 1).values.array(as: Double.self)[0] == 2)
        #expect(x.nanmedian(dim: 1).indices.array(as: Int.self)[0] == 3)
        #expect(x.nanmedian(dim: 1).values.array(as: Double.self)[1].isNaN)
        #expect(x.nanmedian().item() as Double == 2)
        #expect((x.median().item() as Double).isNaN)
        #expect((x.quantile(0.5).item() as Double).isNaN)
        #expect(x.nanquantile(0.5).item() as Double == 2)
        #expect(x.nansum().item() as Double == 6)
        #expect(x.nanmean(dim: 1).array(as: Double.self)[0] == 2)
        #expect(x.nanmean(dim: 1).array(as: Double.self)[1].isNaN)
    }

    @Test("the gradient passes over NaN too")
    func nanGradient() {
        let x = Tensor([1, .nan, 3], dtype: .float64, requiresGrad: true)
        (x.nansum() + x.nanmean() + x.nanmedian()).backward()
        #expect(x.grad!.array(as: Double.self) == [2.5, 0, 1.5])
    }

    @Test("of log 0 the running log-sum has no slope, and no NaN")
    func nothing() {
        let none = -Float.infinity
        let x = Tensor([none, none, 1, none, 2], requiresGrad: true)
        let y = x.logcumsumexp(dim: 0)
        #expect(y.array(as: Float.self)[..<3] == [none, none, 1])
        y[2...].sum().backward()
        let g = x.grad!.array(as: Float.self)
        #expect(g[0] == 0 && g[1] == 0 && g[3] == 0 && abs(g[2] + g[4] - 3) < 1e-6)
    }

    @Test("special functions at their ends")
    func ends() {
        let inf = Double.infinity
        func values(_ x: [Double], _ f: (Tensor) -> Tensor) -> [Double] {
            f(Tensor(x, dtype: .float64)).array(as: Double.self)
        }
        #expect(values([0, inf, -inf]) { $0.i0() } == [1, inf, inf])
        #expect(values([0, inf, -inf]) { $0.i1() } == [0, inf, -inf])
        #expect(values([0, inf, -inf]) { $0.i0e() } == [1, 0, 0])
        #expect(values([inf, -inf, 0]) { $0.erfcx() } == [0, inf, 1])
        #expect(values([0, 1, 0.5]) { $0.ndtri() } == [-inf, inf, 0])
        let outside = values([-0.1, 1.1, .nan]) { $0.ndtri() }
        #expect(outside.allSatisfy { $0.isNaN })
        #expect(values([inf, -inf]) { $0.logNdtr() } == [0, -inf])
        #expect(values([0, -1, inf]) { $0.entr() } == [0, -inf, -inf])
        // Far out the slope is -x on one side and 0 on the other, and so on.
        let x = Tensor([-1e4, 0, 60], dtype: .float64, requiresGrad: true)
        let slope = grad(of: x.logNdtr().sum(), wrt: x, createGraph: true)
        let second = grad(of: slope.sum(), wrt: x)
        #expect(abs(slope.array(as: Double.self)[0] - 1e4) < 1e-3)
        #expect(slope.array(as: Double.self)[2] == 0)
        #expect(second.array(as: Double.self).allSatisfy { $0.isFinite && $0 <= 0 })
    }

    @Test("counting: bins, weights, edges")
    func counting() {
        let x = Tensor([0.5, 1, 1.5, 2, -3, .nan, 9], dtype: .float32)
        #expect(x.histc(bins: 2, min: 0, max: 2).array(as: Float.self) == [1, 3])
        let found = x[..<5].histogram(edges: Tensor([0.0, 1, 2]), density: true)
        #expect(found.hist.array(as: Float.self) == [0.25, 0.75])
        #expect(
            Tensor([1, 4, 1]).bincount(minLength: 6).array(as: Int.self) == [0, 2, 0, 0, 1, 0])
        #expect(Tensor.zeros([0], dtype: .int64).bincount().shape == [0])
        #expect(Tensor([2, 2, 2]).to(.float32).histc(bins: 1).array(as: Float.self) == [3])
    }

    /// Calls that must be refused, with the kind of the error.
    static let refused: [(String, TensorError.Kind, @Sendable () -> Void)] = [
        ("quantile of integers", .dtype, { _ = Tensor([1, 2]).quantile(0.5) }),
        ("quantile of half", .dtype, { _ = Tensor([1.0]).to(.float16).quantile(0.5) }),
        ("quantile above 1", .argument, { _ = Tensor([1.0]).quantile(1.5) }),
        ("quantile of NaN", .argument, { _ = Tensor([1.0]).quantile(.nan) }),
        ("quantile of nothing", .shape, { _ = Tensor.zeros(0).quantile(0.5) }),
        ("matrix of quantiles", .shape, { _ = Tensor([1.0]).quantile(Tensor([[0.5]])) }),
        ("other dtype", .dtype, { _ = Tensor([1.0]).quantile(Tensor([0.5], dtype: .float64)) }),
        ("quantile dim", .index, { _ = Tensor([1.0]).quantile(0.5, dim: 1) }),
        ("diff below 0", .argument, { _ = Tensor([1.0]).diff(n: -1) }),
        ("diff of a number", .shape, { _ = Tensor(1.0).diff() }),
        ("diff dim", .index, { _ = Tensor([1.0]).diff(dim: 1) }),
        ("diff pieces", .shape, { _ = Tensor.zeros(2, 2).diff(prepend: Tensor.zeros(3, 3)) }),
        ("gradient of one", .shape, { _ = Tensor([1.0]).gradient() }),
        ("gradient order", .argument, { _ = Tensor.zeros(4).gradient(edgeOrder: 3) }),
        ("gradient spacings", .argument, { _ = Tensor.zeros(4).gradient(spacing: [1, 2]) }),
        (
            "gradient places", .shape,
            {
                _ = Tensor.zeros(4).gradient(coordinates: [Tensor.zeros(3)])
            }
        ),
        ("gradient twice", .index, { _ = Tensor.zeros(4, 4).gradient(dim: [0, -2]) }),
        ("trapezoid of a number", .shape, { _ = Tensor(1.0).trapezoid() }),
        ("trapezoid places", .shape, { _ = Tensor.zeros(4).trapezoid(Tensor.zeros(3)) }),
        ("trapezoid booleans", .dtype, { _ = Tensor([true, false]).trapezoid() }),
        ("bincount of floats", .dtype, { _ = Tensor([1.0]).bincount() }),
        ("bincount of a matrix", .shape, { _ = Tensor([[1]]).bincount() }),
        ("bincount below 0", .argument, { _ = Tensor([-1]).bincount() }),
        ("bincount weights", .shape, { _ = Tensor([1]).bincount(weights: Tensor([1.0, 2])) }),
        ("bincount length", .argument, { _ = Tensor([1]).bincount(minLength: -1) }),
        ("bincount of much", .argument, { _ = Tensor([Int.max]).bincount() }),
        ("no bins", .argument, { _ = Tensor([1.0]).histc(bins: 0) }),
        ("infinite range", .argument, { _ = Tensor([1.0, .infinity]).histc() }),
        ("reversed range", .argument, { _ = Tensor([1.0]).histc(min: 2, max: 1) }),
        ("histc of integers", .dtype, { _ = Tensor([1]).histc() }),
        ("histogram of half", .dtype, { _ = Tensor([1.0]).to(.float16).histogram(bins: 2) }),
        ("one edge", .shape, { _ = Tensor([1.0]).histogram(edges: Tensor([1.0])) }),
        ("sorted number", .shape, { _ = Tensor(1.0).searchsorted(Tensor([1.0])) }),
        ("sorted rows", .shape, { _ = Tensor.zeros(2, 3).searchsorted(Tensor.zeros(3, 3)) }),
        ("boundaries", .shape, { _ = Tensor([1.0]).bucketize(Tensor([[1.0]])) }),
        ("booleans sorted", .dtype, { _ = Tensor([true]).searchsorted(Tensor([1])) }),
        ("unique dim", .index, { _ = Tensor([1.0]).unique(dim: 1) }),
        ("unique without data", .device, { _ = Tensor.zeros([2], device: .meta).unique() }),
        ("mode dim", .index, { _ = Tensor([1.0]).mode(dim: 1) }),
        ("mode of nothing", .shape, { _ = Tensor.zeros(0).mode() }),
        ("nanmedian of nothing", .shape, { _ = Tensor.zeros(0, 2).nanmedian(dim: 0) }),
        ("log-sums of integers", .dtype, { _ = Tensor([1]).logcumsumexp(dim: 0) }),
        ("nanmean of integers", .dtype, { _ = Tensor([1]).nanmean() }),
        ("sum to more", .shape, { _ = Tensor.zeros(2).sumToSize(3) }),
        ("sum to a rank above", .shape, { _ = Tensor.zeros(2).sumToSize(1, 2) }),
        ("polygamma below 0", .argument, { _ = Tensor([1.0]).polygamma(-1) }),
    ]

    @Test("what cannot be is refused, and says why", arguments: refused.indices)
    func refusals(_ i: Int) {
        let (name, kind, call) = Self.refused[i]
        do {
            try catchingTensorErrors { call() }
            Issue.record("\(name) is not refused")
        } catch let error as TensorError {
            #expect(error.kind == kind, "\(name): \(error)")
            #expect(error.operation != nil, "\(name): \(error)")
        } catch {
            Issue.record("\(name): \(error)")
        }
    }

    @Test("empty tensors and single numbers")
    func small() {
        let none = Tensor.zeros([0], dtype: .float64)
        let found = none.unique(returnInverse: true, returnCounts: true)
        #expect(found.values.shape == [0])
        #expect(found.inverse?.shape == [0] && found.counts?.shape == [0])
        #expect(Tensor.zeros(0, 3).unique(dim: 0).values.shape == [0, 3])
        #expect(Tensor.zeros(3, 0).unique(dim: 0).values.shape == [1, 0])
        #expect(none.diff().shape == [0])
        #expect(none.isin(Tensor([1.0])).shape == [0])
        #expect(Tensor([1.0]).isin(none).array(as: Bool.self) == [false])
        #expect(Tensor.zeros(0, 3).trapezoid(dim: 0).array(as: Float.self) == [0, 0, 0])
        #expect(Tensor(3.0).mode().values.item() as Float == 3)
        #expect(Tensor(3.0).quantile(0.2).item() as Float == 3)
        #expect(Tensor([1.0, 2]).equal(Tensor([1.0, 2])))
        #expect(!Tensor([1.0, 2]).equal(Tensor([[1.0, 2]])))
        #expect(Tensor([1.0]).allclose(Tensor([1.000001])))
    }

    @Test("in-place forms write what the others return, with its gradient")
    func inPlace() {
        let x = Tensor([[0.3, -0.6, 0.8], [0.1, 0.2, -0.9]], dtype: .float64)
        let pairs: [((Tensor) -> Tensor, (Tensor) -> Tensor)] = [
            ({ $0.sinc() }, { $0.sinc_() }), ({ $0.deg2rad() }, { $0.deg2rad_() }),
            ({ $0.rad2deg() }, { $0.rad2deg_() }), ({ $0.nanToNum() }, { $0.nanToNum_() }),
            ({ $0.copysign(-1) }, { $0.copysign_(-1) }), ({ $0.digamma() }, { $0.digamma_() }),
            ({ $0.polygamma(1) }, { $0.polygamma_(1) }), ({ $0.i0() }, { $0.i0_() }),
            ({ $0.logit(eps: 0.05) }, { $0.logit_(eps: 0.05) }),
            ({ $0.cumsum(dim: 1) }, { $0.cumsum_(dim: 1) }),
            ({ $0.cumprod(dim: 0) }, { $0.cumprod_(dim: 0) }),
            ({ $0.floorDivide(0.25) }, { $0.floorDivide_(0.25) }),
        ]
        for (i, (plain, writing)) in pairs.enumerated() {
            func slope(_ f: (Tensor) -> Tensor) -> (Tensor, Tensor) {
                let leaf = x.clone().requiresGrad_()
                let y = f(leaf * 1)
                return (y.detach(), grad(of: (y * y).sum(), wrt: leaf))
            }
            let (a, b) = (slope(plain), slope(writing))
            #expect(a.0.equal(b.0) && a.1.allclose(b.1), "pair \(i)")
        }
        let whole = Tensor([1, 2])
        expectError(.dtype) { whole.copysign_(-1) }
        expectError(.dtype) { whole.digamma_() }
        #expect(whole.cumsum_(dim: 0).array(as: Int.self) == [1, 3])
    }

    @Test("vmap takes samples apart")
    func mapped() {
        let x = withGenerator(seed: 2) { Tensor.randn(3, 5, dtype: .float64) }
        let line = Tensor([-1.0, 0, 1], dtype: .float64)
        let functions: [(Tensor) -> Tensor] = [
            { $0.quantile(0.4) }, { $0.diff() }, { $0.logcumsumexp(dim: 0) },
            { $0.mode(dim: 0).values }, { $0.nanmedian() }, { $0.trapezoid() },
            { line.searchsorted($0).to(.float64) }, { $0.gradient()[0] }, { $0.i1e() },
        ]
        for function in functions {
            let whole = vmap(function)(x)
            let parts = Tensor.stack(x.unbind().map(function))
            #expect(whole.allclose(parts))
        }
    }
}
