import Testing

@testable import AdjointCore

/// A function, a point at which it has no derivative, or one at infinity, and what stands for it.
struct Kink: Sendable, CustomTestStringConvertible {
    let name: String
    let points: [[Double]]
    let want: [[Double]]
    let body: @Sendable ([Tensor]) -> Tensor

    init(
        _ name: String, _ points: [[Double]], _ want: [[Double]],
        _ body: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
        self.name = name
        self.points = points
        self.want = want
        self.body = body
    }

    var testDescription: String { name }

    static let nan = Double.nan
    static let inf = Double.infinity

    static let ofOne: [Kink] = [
        Kink("abs at 0", [[0]], [[0]]) { $0[0].abs() },
        Kink("relu at 0", [[0]], [[0]]) { $0[0].relu() },
        Kink("relu6 at 0 and 6", [[0, 6]], [[0, 0]]) { $0[0].relu6() },
        Kink("clamp(0, 1) at its bounds", [[0, 1]], [[0, 0]]) { $0[0].clamp(min: 0, max: 1) },
        Kink("max of a tie", [[2, 2]], [[0.5, 0.5]]) { $0[0].max() },
        Kink("median of an even count", [[1, 2, 3, 4]], [[0, 1, 0, 0]]) { $0[0].median() },
        Kink("the 2-norm of zeros", [[0, 0]], [[0, 0]]) { $0[0].norm() },
        Kink("std of equal elements", [[3, 3, 3]], [[0, 0, 0]]) { $0[0].std() },
        Kink("sqrt at 0", [[0]], [[inf]]) { $0[0].sqrt() },
        Kink("rsqrt at 0", [[0]], [[-inf]]) { $0[0].rsqrt() },
        Kink("log at -1", [[-1]], [[-1]]) { $0[0].log() },
        Kink("x ** 0 at 0", [[0]], [[0]]) { $0[0] ** 0 },
        Kink("prod with a zero", [[0, 2, 3]], [[6, 0, 0]]) { $0[0].prod() },
        Kink("cummax of a tie", [[1, 3, 3, 2]], [[1, 1, 2, 0]]) { $0[0].cummax(dim: 0).values },
        Kink("sort of a tie, weighted", [[2, 1, 1]], [[3, 1, 2]]) {
            $0[0].sort().values * numbers([1, 2, 3])
        },
        Kink("topk of a tie", [[2, 2, 1]], [[1, 0, 0]]) { $0[0].topk(1).values },
        Kink("where(x > 0, sqrt(x), 0)", [[0, -1, 4]], [[0, 0, 0.25]]) {
            Tensor.where($0[0] .> 0, $0[0].sqrt(), 0)
        },
    ]

    static let ofTwo: [Kink] = [
        Kink("maximum of a tie", [[2], [2]], [[0.5], [0.5]]) { $0[0].maximum($0[1]) },
        Kink("minimum of a tie", [[2], [2]], [[0.5], [0.5]]) { $0[0].minimum($0[1]) },
        Kink("hypot(0, 0)", [[0], [0]], [[nan], [nan]]) { $0[0].hypot($0[1]) },
        Kink("atan2(0, 0)", [[0], [0]], [[0], [0]]) { $0[0].atan2($0[1]) },
        Kink("0 ** 0", [[0], [0]], [[0], [0]]) { $0[0] ** $0[1] },
        Kink("(-2) ** 2", [[-2], [2]], [[-4], [nan]]) { $0[0] ** $0[1] },
        Kink("xlogy(0, 0)", [[0], [0]], [[0], [nan]]) { $0[0].xlogy($0[1]) },
        Kink("fmax of a tie", [[2], [2]], [[0.5], [0.5]]) { $0[0].fmax($0[1]) },
        Kink("fmax with NaN", [[2], [nan]], [[1], [0]]) { $0[0].fmax($0[1]) },
    ]
}

/// One table of what a gradient is where there is none: the reference's of version 2.15, and 0 for
/// a branch that `where` did not take.
@Suite struct KinkTableTests {
    @Test("the gradient at a kink is the one of the table", arguments: Kink.ofOne + Kink.ofTwo)
    func table(_ kink: Kink) {
        let leaves = kink.points.map { leaf($0) }
        kink.body(leaves).sum().backward()
        for (leaf, want) in zip(leaves, kink.want) {
            #expect(agree(values(leaf.grad), want), "\(values(leaf.grad) ?? []), not \(want)")
        }
    }

    @Test("grad gives at a kink what backward gives", arguments: Kink.ofOne + Kink.ofTwo)
    func throughGrad(_ kink: Kink) {
        let leaves = kink.points.map { leaf($0) }
        let found = grads(of: [kink.body(leaves).sum()], wrt: leaves)
        for (gradient, want) in zip(found, kink.want) { #expect(agree(values(gradient), want)) }
    }

    @Test("forward mode takes the same side of a kink", arguments: Kink.ofOne + Kink.ofTwo)
    func forward(_ kink: Kink) {
        for (i, want) in kink.want.enumerated() {
            for j in want.indices {
                let points = kink.points.map { numbers($0) }
                let direction = numbers(want.indices.map { $0 == j ? 1 : 0 })
                // The other argument has no tangent, which is not the same as the tangent 0.
                let f: (Tensor) -> Tensor = { x in
                    kink.body(points.indices.map { $0 == i ? x : points[$0] }).sum()
                }
                let found = jvp(f, points[i], direction).tangent
                #expect(agree(values(found), [want[j]]), "input \(i), element \(j)")
            }
        }
    }

    @Test("under vmap a kink is what it is outside", arguments: Kink.ofOne)
    func mapped(_ kink: Kink) {
        let point = numbers(kink.points[0])
        let found = vmap(grad { (x: Tensor) in kink.body([x]).sum() })(
            Tensor.stack([point, point]))
        #expect(agree(values(found), kink.want[0] + kink.want[0]))
    }

    @Test("a gradient of integers is refused: they cannot require one")
    func integers() {
        expectError(.dtype, "floating-point") { Tensor([1, 2]).requiresGrad_() }
        expectError(.dtype, "floating-point") { _ = Tensor([1, 2], requiresGrad: true) }
    }
}
