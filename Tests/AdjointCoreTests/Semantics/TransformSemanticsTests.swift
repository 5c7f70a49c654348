import Testing

@testable import AdjointCore

/// Functions of functions: what they accept, and what noGrad means inside and outside.
@Suite struct TransformSemanticsTests {
    @Test("grad differentiates scalar functions, and names vjp and jacrev for the others")
    func scalarsAlone() {
        let cube = grad { (x: Tensor) in (x ** 3).sum() }
        #expect(values(cube(numbers([1, 2]))) == [3, 12])
        expectError(.autograd, "scalar", "jacrev") {
            _ = grad { (x: Tensor) in x * 2 }(numbers([1, 2]))
        }
    }

    @Test("the gradient for an argument that is not used is zeros")
    func unusedArgument() {
        let found = grad { (xs: [Tensor]) in (xs[0] * 2).sum() }([numbers([1]), numbers([3, 4])])
        #expect(values(found[0]) == [2] && values(found[1]) == [0, 0])
    }

    @Test("noGrad inside a transformed function hides what it computes, noGrad around it nothing")
    func modesAndTransforms() {
        let x = numbers([3])
        #expect(values(grad { (x: Tensor) in x * noGrad { x * x } }(x)) == [9])
        #expect(values(noGrad { grad { (x: Tensor) in x * x }(x) }) == [6])
    }

    @Test("valueAndGrad gives both, and neither changes grad of the argument")
    func valueAndGradient() {
        let x = leaf([3])
        let (value, gradient) = valueAndGrad { (x: Tensor) in (x * x).sum() }(x)
        #expect(values(value) == [9] && values(gradient) == [6] && x.grad == nil)
    }

    @Test("vjp's pullback may be called again, and its cotangent must fit the value")
    func pullbacks() {
        let (value, pullback) = vjp({ $0 * $0 }, numbers([2, 3]))
        #expect(values(value) == [4, 9])
        #expect(values(pullback(numbers([1, 10]))) == [4, 60])
        #expect(values(pullback(numbers([1, 0]))) == [4, 0])
        expectError(.shape, "[3]", "[2]") { _ = pullback(numbers([1, 1, 1])) }
    }

    @Test("jvp gives the value and its derivative in one direction, which must fit")
    func directions() {
        let (value, tangent) = jvp({ $0.exp() }, numbers([0, 1]), numbers([2, 0]))
        #expect(agree(values(value), [1, 2.718281828459045]) && values(tangent) == [2, 0])
        expectError(.shape) { _ = jvp({ $0 * 2 }, numbers([1, 2]), numbers([1])) }
    }

    @Test("a Jacobian has the shape of the result, then of the argument, by both modes")
    func jacobians() {
        let f: (Tensor) -> Tensor = { x in Tensor.stack([x[0] * x[1], x[0] ** 2, x[1]]) }
        let x = numbers([2, 3])
        for found in [jacrev(f)(x), jacfwd(f)(x), jacobian(f, x), jacrev(chunkSize: 1, f)(x)] {
            #expect(found.shape == [3, 2] && values(found) == [3, 2, 4, 0, 0, 1])
        }
    }

    @Test("a Hessian is that of a scalar function")
    func hessians() {
        let found = hessian({ ($0[0] ** 2 * $0[1]).sum() }, numbers([2, 3]))
        #expect(values(found) == [6, 4, 4, 0])
        expectError(.autograd) { _ = hessian({ $0 * 2 }, numbers([1, 2])) }
    }

    @Test("vmap maps a function of one sample, and tells sizes that differ")
    func mapping() {
        let xs = numbers([1, 2, 3, 4, 5, 6], [3, 2])
        let (norms, dots) = (vmap { ($0 * $0).sum() }(xs), vmap { ($0 * $1).sum() }(xs, xs))
        #expect(values(norms) == [5, 25, 61] && values(dots) == [5, 25, 61])
        expectError(.shape, "same size in the mapped dimension", "[3, 2]") {
            _ = vmap { (a: Tensor, b: Tensor) in a * b }(xs, xs[0..<2])
        }
        let gradients = vmap(grad { (w: Tensor) in w * w })(numbers([1, 2, 3]))
        #expect(values(gradients) == [2, 4, 6])
    }

    @Test("duals live in a level: tangents fit their primal, and end with the level")
    func duals() {
        let (ended, dual) = forwardMode { level in
            let dual = level.makeDual(numbers([2]), tangent: numbers([1]))
            #expect(values(level.unpackDual(dual ** 3).tangent) == [12])
            expectError(.shape) { _ = level.makeDual(numbers([1, 2]), tangent: numbers([1])) }
            expectError(.dtype) { _ = level.makeDual(Tensor([1]), tangent: Tensor([1])) }
            return (level, dual)
        }
        #expect(values(dual * 2) == [4])
        expectError(.autograd, "level") { _ = ended.makeDual(numbers([1]), tangent: numbers([1])) }
    }

    @Test("forward over reverse: x³ at 2 has the slope 12, and the slope of the slope 12")
    func forwardOverReverse() {
        let (slope, change) = jvp(grad { ($0 ** 3).sum() }, numbers([2]), numbers([1]))
        #expect(values(slope) == [12] && values(change) == [12])
    }
}
