import Testing

@testable import AdjointCore

/// Transforms of functions of structures of tensors.
@Suite struct TreeTests {
    private struct Affine: TensorTree {
        var weight: Tensor, bias: Tensor?
        mutating func forEachTensor(_ visit: (inout Tensor) -> Void) {
            visit(&weight)
            bias.forEachTensor(visit)
        }
    }

    private let named = ["w": numbers([2, 3]), "b": numbers([5])]

    @Test("A gradient has the structure of the argument: dictionaries, nested arrays, optionals")
    func gradientsHaveTheStructureOfTheArgument() {
        let slope = grad { (p: [String: Tensor]) in (p["w"]! * p["w"]!).sum() + p["b"]!.sum() }
        let found = slope(named)
        #expect(found.keys.sorted() == ["b", "w"])
        #expect(values(found["w"]) == [4, 6] && values(found["b"]) == [1])
        let nested = grad { (p: [[Tensor]?]) in (p[0]![1] ** 3).sum() }(
            [[numbers([1]), numbers([2])], nil])
        #expect(values(nested[0]![0]) == [0] && values(nested[0]![1]) == [12] && nested[1] == nil)
    }

    @Test("A struct conforms by one member")
    func structsConform() {
        let p = Affine(weight: numbers([3]), bias: nil)
        let (value, slope) = valueAndGrad { (p: Affine) in (p.weight * p.weight).sum() }(p)
        #expect(values(value) == [9] && values(slope.weight) == [6] && slope.bias == nil)
        #expect(!value.requiresGrad && p.treeOutline == "Affine(1)")
    }

    @Test("Further arguments of any type are passed through, the first is differentiated")
    func furtherArgumentsPassThrough() {
        let slope = grad { (p: [String: Tensor], x: Tensor, power: Int) in
            (p["w"]! * x ** Double(power)).sum() + p["b"]!.sum()
        }
        #expect(values(slope(named, numbers([2, 3]), 2)["w"]) == [4, 9])
    }

    @Test("argnums chooses the arguments, counts from the end where negative, and is checked")
    func argnumsChoose() {
        let (x, y) = (numbers([2]), numbers([5]))
        let product = { (x: Tensor, y: Tensor) in (x * x * y).sum() }
        #expect(values(grad(product)(x, y)) == [20])
        #expect(values(grad(product, argnums: 1)(x, y)) == [4])
        #expect(values(grad(product, argnums: -1)(x, y)) == [4])
        #expect(grad(product, argnums: [1, 0])(x, y).map { values($0) } == [[4], [20]])
        #expect(valueAndGrad(product, argnums: [0, 1])(x, y).grads.count == 2)
        let three = grad({ (a: Tensor, b: Tensor, c: Tensor) in (a * b * c).sum() }, argnums: 2)
        #expect(values(three(x, y, x)) == [10])
        expectError(.index, "argnums has 2") { _ = grad(product, argnums: 2)(x, y) }
        expectError(.index) { _ = grad(product, argnums: -3)(x, y) }
    }

    @Test("What a function returns besides comes out as it is")
    func auxiliaryResults() {
        let (slope, aux) = grad(hasAux: { (x: Tensor) in ((x * x).sum(), (x * 10, "seen")) })(
            numbers([3]))
        #expect(values(slope) == [6] && values(aux.0) == [30] && aux.1 == "seen")
        let counting = { (p: [String: Tensor], k: Int) in (p["w"]!.sum(), k) }
        let found = valueAndGrad(hasAux: counting)(named, 7)
        #expect(values(found.value) == [5] && values(found.grad["w"]) == [1, 1] && found.aux == 7)
        let pulled = vjp(hasAux: { (x: Tensor) in (x * 2, x.shape) }, numbers([1, 2]))
        #expect(values(pulled.pullback(numbers([1, 10]))) == [2, 20] && pulled.aux == [2])
    }

    @Test("vjp and jvp take and give structures; <u, J v> equals <Jᵀ u, v>")
    func pullsAndPushesAgree() {
        let f = { (p: [String: Tensor]) in
            ["s": p["w"]! * p["b"]!, "t": p["w"]!.sum() + p["b"]!]
        }
        let directions = ["w": numbers([0.5, -1]), "b": numbers([2])]
        let pushed = jvp(f, named, directions)
        let (value, pullback) = vjp(f, named)
        let cotangents = ["s": numbers([3, -2]), "t": numbers([0.25])]
        let pulled = pullback(cotangents)
        let left = ["s", "t"].map { (pushed.tangent[$0]! * cotangents[$0]!).sum().item() as Double }
        let right = ["w", "b"].map { (pulled[$0]! * directions[$0]!).sum().item() as Double }
        #expect(abs(left.reduce(0, +) - right.reduce(0, +)) < 1e-12)
        #expect(values(value["s"]) == [10, 15] && values(pushed.value["t"]) == [10])
        #expect(!value["s"]!.requiresGrad)
        let (_, both) = vjp({ (x: Tensor, p: [Tensor]) in x * p[0] }, numbers([2]), [numbers([5])])
        let (first, second) = both(numbers([1]))
        #expect(values(first) == [5] && values(second[0]) == [2])
        let pair = jvp(
            { (x: Tensor, p: [Tensor]) in x * p[0] }, (numbers([2]), [numbers([5])]),
            (numbers([1]), [numbers([10])]))
        #expect(values(pair.tangent) == [25])
    }

    @Test("Cotangents and tangents of another structure or shape are refused")
    func structuresAreChecked() {
        let (_, pullback) = vjp({ (p: [String: Tensor]) in p }, named)
        expectError(.argument, "same structure", "[w: *]", "[b: *, w: *]") {
            _ = pullback(["w": numbers([1, 1])])
        }
        expectError(.argument, "Expected tangents to have the same structure as primals") {
            _ = jvp({ (p: [String: Tensor]) in p["w"]! }, named, ["x": numbers([1])])
        }
        expectError(.argument, "same structure") {
            _ = jvp({ (xs: [Tensor]) in xs[0] }, [numbers([1])], [numbers([1]), numbers([2])])
        }
        expectError(.shape, "Mismatch in shape", "[3]", "[2]") {
            _ = vjp({ $0 * 2 }, numbers([1, 2])).pullback(numbers([1, 2, 3]))
        }
        expectError(.shape, "forward gradient that has a different size") {
            _ = jvp({ $0 * 2 }, numbers([1, 2]), numbers([1, 2, 3]))
        }
    }

    @Test("linearize, hvp and vhp of structures agree with the Hessian by names")
    func secondOrderOfStructures() {
        let f = { (p: [String: Tensor]) in (p["w"]! * p["w"]!).sum() * p["b"]!.sum() }
        let v = ["w": numbers([1, -1]), "b": numbers([3])]
        let blocks: [String: [String: Tensor]] = hessian(f, named)
        #expect(values(blocks["w"]!["w"]) == [10, 0, 0, 10])
        #expect(values(blocks["b"]!["w"]) == [4, 6] && blocks["b"]!["w"]!.shape == [1, 2])
        let expected = [10 + 12.0, -10 + 18.0]
        #expect(values(hvp(f, named, v).product["w"]) == expected)
        #expect(values(vhp(f, named, v).product["w"]) == expected)
        #expect(values(vhp(f, named, v).product["b"]) == [-2])
        let (value, push) = linearize({ (p: [String: Tensor]) in [f(p), p["w"]!] }, named)
        #expect(values(value[0]) == [65] && values(push(v)[1]) == [1, -1])
        #expect(values(push(v)[0]) == [5 * (4 - 6) + 13 * 3])
        expectError(.argument, "same structure") { _ = push(["w": numbers([1, 1])]) }
        expectError(.argument, "same structure") { _ = hvp(f, named, ["w": numbers([1, 1])]) }
    }

    @Test("Jacobians by either mode have the structure of the argument")
    func jacobiansOfStructures() {
        let f = { (p: [String: Tensor]) in p["w"]! * p["b"]! }
        for found in [jacobian(f, named), jacrev(f)(named), jacfwd(f)(named)] {
            #expect(values(found["w"]) == [5, 0, 0, 5] && values(found["b"]) == [2, 3])
            #expect(found["w"]!.shape == [2, 2] && found["b"]!.shape == [2, 1])
        }
        let several = jacobian(
            { (xs: [Tensor]) in [xs[0] * 2, xs[0].sum() * xs[1]] },
            [numbers([1, 2]), numbers([4])])
        #expect(values(several[1][0]) == [4, 4] && values(several[0][1]) == [0, 0])
    }

    @Test("Transforms of structures nest, and see through vmap")
    func transformsOfStructuresNest() {
        let twice = grad { (p: [Tensor]) in
            grad { (q: [Tensor]) in (q[0] ** 3).sum() }(p)[0].sum()
        }
        #expect(values(twice([numbers([2])])[0]) == [12])
        let samples = numbers([1, 2, 3])
        let each = vmap { (x: Tensor) in
            grad { (p: [String: Tensor]) in (p["w"]! * x) ** 2 }(["w": numbers([2], [])])["w"]!
        }(samples)
        #expect(values(each) == [4, 16, 36])
    }

    @Test("An integer argument has no gradient")
    func integersHaveNoGradient() {
        expectError(.dtype, "only floating-point") {
            _ = grad { (p: [String: Tensor]) in p["n"]!.to(.float32).sum() }(["n": Tensor([1, 2])])
        }
    }
}
