import AdjointTesting
import Testing

@testable import AdjointCore

/// What transforms refuse, in the words that people search for; and what they leave alone.
@Suite struct TransformErrorTests {
    @Test("grad wants a scalar, and names vjp and jacrev")
    func gradWantsAScalar() {
        expectError(.autograd, "Expected f(*args) to return a scalar", "1 dims", "vjp", "jacrev") {
            _ = grad { (x: Tensor) in x * 2 }(numbers([1, 2]))
        }
        expectError(.dtype, "floating-point") {
            _ = grad { (x: Tensor) in (x .> 0).sum() }(numbers([1]))
        }
    }

    @Test("hessian, hvp and vhp want a single element")
    func hessianWantsASingleElement() {
        let words = "should contain a single element"
        let x = numbers([1, 2])
        expectError(.autograd, "given to hessian", words) { _ = hessian({ $0 * 2 }, x) }
        expectError(.autograd, "given to hvp", words) { _ = hvp({ $0 * 2 }, x, x) }
        expectError(.autograd, "given to vhp", words) { _ = vhp({ $0 * 2 }, x, x) }
    }

    @Test("The size of v is checked")
    func sizeOfTheVectorIsChecked() {
        let (x, v) = (numbers([1, 2]), numbers([1, 2, 3]))
        for product in [hvp, vhp]
            as [(@escaping (Tensor) -> Tensor, Tensor, Tensor) -> (value: Tensor, product: Tensor)]
        {
            expectError(.shape, "v has invalid size: should be [2] but got [3]") {
                _ = product({ $0.sum() }, x, v)
            }
        }
    }

    @Test("A function that ignores its argument has gradient zero; strict mode refuses it")
    func strictModeRefusesIndependence() {
        let (x, y) = (numbers([1, 2]), numbers([3]))
        #expect(values(grad { (_: Tensor) in y.sum() }(x)) == [0, 0])
        #expect(values(jacobian({ _ in y * 2 }, x)) == [0, 0])
        expectError(.autograd, "Output 0", "does not require gradients", "strict mode") {
            _ = jacobian({ _ in y * 2 }, x, strict: true)
        }
        expectError(.autograd, "Output 0", "independent of input 1", "strict mode") {
            _ = jacobian({ (xs: [Tensor]) in xs[0] * 2 }, [x, y], strict: true)
        }
        #expect(values(jacobian({ $0 * 2 }, x, strict: true)) == [2, 0, 0, 2])
        #expect(values(jacobian({ $0 * 2 }, x, strategy: .forward)) == [2, 0, 0, 2])
        expectError(.argument, "reverse") {
            _ = jacobian({ $0 * 2 }, x, strict: true, strategy: .forward)
        }
    }

    @Test("noGrad inside hides a dependence, outside it does not")
    func noGradInsideHides() {
        let x = numbers([3])
        #expect(values(grad { (x: Tensor) in (x * noGrad { x * x }).sum() }(x)) == [9])
        #expect(values(noGrad { grad { (x: Tensor) in (x * x).sum() }(x) }) == [6])
    }

    @Test("A captured tensor is not written to inside a transform, nor is the argument")
    func capturesAreNotWrittenTo() {
        let log = numbers([0])
        let x = numbers([3])
        let writers: [(Tensor) -> Tensor] = [
            {
                log.add_($0)
                return ($0 * $0).sum()
            },
            {
                log[0] = $0[0]
                return ($0 * $0).sum()
            },
            { $0.mul_(2).sum() },
        ]
        for write in writers {
            expectError(.inPlace, "in-place operation", "captured Tensor") { _ = grad(write)(x) }
            expectError(.inPlace, "captured Tensor") { _ = jvp(write, x, numbers([1])) }
            expectError(.inPlace, "captured Tensor") { _ = jacobian(write, x) }
        }
        #expect(values(log) == [0] && values(x) == [3])
    }

    @Test("What the function makes itself may be written to, and bookkeeping under noGrad")
    func ownTensorsMayBeWrittenTo() {
        let calls = numbers([0])
        let f = { (x: Tensor) in
            noGrad { _ = calls.add_(1) }
            let sum = numbers([0])
            for _ in 0..<3 { sum.add_(x * x) }
            let copy = x.clone()
            copy.mul_(x)
            return (sum + copy).sum()
        }
        #expect(values(grad(f)(numbers([2]))) == [16] && values(calls) == [1])
        #expect(values(hessian(f, numbers([2]))) == [8])
    }

    @Test("backward() inside a transform may not end in the transform's argument")
    func backwardInsideATransform() {
        let x = numbers([3])
        expectError(.autograd, "backward() called inside", "grad(of:wrt:)") {
            _ = grad { (x: Tensor) in
                (x * x).sum().backward(retainGraph: true)
                return (x * x).sum()
            }(x)
        }
        let inner = grad { (x: Tensor) in
            let leaf = Tensor([4.0], dtype: .float64, requiresGrad: true)
            (leaf * leaf).backward()
            return (x * leaf.grad!).sum()
        }(x)
        #expect(values(inner) == [8])
        let own = x.detach().requiresGrad_()
        (own * own).backward()
        #expect(values(own.grad) == [6])
    }

    @Test("In a failed scope every transform returns at once, in the structures it promises")
    func failedScopes() {
        let x = numbers([1, 2])
        let p = ["w": x, "b": numbers([3])]
        let f = { (p: [String: Tensor]) in (p["w"]! * p["b"]!).sum() }
        let error = tensorError {
            _ = x + numbers([1, 2, 3])
            #expect(grad(f)(p).count == 2 && valueAndGrad(f)(p).grad.count == 2)
            #expect(hvp(f, p, p).product.count == 2 && vhp(f, p, p).product.count == 2)
            #expect(vjp(f, p).pullback(x).count == 2)
            _ = jvp(f, p, p).tangent
            _ = linearize(f, p).jvp(p)
            #expect(jacobian(f, p).count == 2 && jacfwd(f)(p).count == 2)
            let blocks: [String: [String: Tensor]] = hessian(f, p)
            _ = blocks
            _ = hessian({ $0.sum() }, x)
            _ = grad({ (a: Tensor, b: Tensor) in a.sum() }, argnums: 5)(x, x)
            _ = vmap(inDims: [0, nil]) { (p: [String: Tensor], k: Tensor) in p["w"]! * k }(p, x)
            _ = gradcheck({ $0 * 2 }, [leaf([1])], checkForwardAd: true, fastMode: true)
        }
        #expect(error?.kind == .shape)
    }

    @Test("A structure without tensors has a gradient without tensors")
    func emptyStructures() {
        #expect(grad { (_: [String: Tensor]) in numbers([1]) }([:]).isEmpty)
        #expect(hessian({ (_: [Tensor]) in numbers([1]) }, []).isEmpty)
    }
}
