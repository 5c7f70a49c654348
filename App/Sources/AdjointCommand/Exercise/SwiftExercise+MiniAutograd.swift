extension SwiftExercise {
    static let miniAutograd = SwiftExercise(
        name: "mini-autograd", file: "MiniAutograd.swift",
        summary: "automatic differentiation with addition, multiplication and powers",
        needsLibrary: false, starter: miniAutogradStarter, checks: miniAutogradChecks,
        expects: """
            a final class MiniTensor with init(_ value: Double), value, grad, +, *, power(_:) \
            and backward()
            """)

    private static let miniAutogradChecks = #"""
        judge.test("values") {
            let a = MiniTensor(2), b = MiniTensor(3)
            return judge.differs("the value of 2 + 3", (a + b).value, 5)
                ?? judge.differs("the value of 2 * 3", (a * b).value, 6)
                ?? judge.differs("the value of 2.power(3)", a.power(3).value, 8)
                ?? judge.differs("the value of 2.power(1)", a.power(1).value, 2)
        }
        judge.test("the gradient of a sum") {
            let a = MiniTensor(2), b = MiniTensor(3)
            (a + b).backward()
            return judge.differs("after (a + b).backward() a.grad", a.grad, 1)
                ?? judge.differs("after (a + b).backward() b.grad", b.grad, 1)
        }
        judge.test("the gradient of a product") {
            let a = MiniTensor(2), b = MiniTensor(3)
            let product = a * b
            product.backward()
            return judge.differs("after (a * b).backward(), a = 2 and b = 3, a.grad", a.grad, 3)
                ?? judge.differs("after (a * b).backward(), a = 2 and b = 3, b.grad", b.grad, 2)
                ?? judge.differs("the gradient of the product itself", product.grad, 1)
        }
        judge.test("the gradient of a power") {
            let a = MiniTensor(2), b = MiniTensor(-1.5)
            a.power(3).backward()
            b.power(1).backward()
            return judge.differs("after a.power(3).backward(), a = 2, a.grad", a.grad, 12)
                ?? judge.differs("after b.power(1).backward(), b = -1.5, b.grad", b.grad, 1)
        }
        judge.test("the chain rule") {
            let a = MiniTensor(2), b = MiniTensor(3)
            (a + b).power(2).backward()
            return judge.differs("after (a + b).power(2).backward() a.grad", a.grad, 10)
                ?? judge.differs("after (a + b).power(2).backward() b.grad", b.grad, 10)
        }
        judge.test("a tensor that is used twice") {
            let a = MiniTensor(2), b = MiniTensor(3)
            let c = a + b
            let d = c * a
            d.backward()
            let x = MiniTensor(3)
            (x * x).backward()
            let y = MiniTensor(3)
            (y + y).backward()
            return judge.differs("with c = a + b and d = c * a, a.grad", a.grad, 7)
                ?? judge.differs("with c = a + b and d = c * a, b.grad", b.grad, 2)
                ?? judge.differs("after (x * x).backward(), x = 3, x.grad", x.grad, 6)
                ?? judge.differs("after (y + y).backward() y.grad", y.grad, 2)
        }
        judge.test("order: a tensor passes its gradient on when all of it is there") {
            // y is heard from directly and through two more steps.
            let x = MiniTensor(2)
            let y = x * x
            (y + (y * y) * y).backward()
            let v = MiniTensor(2)
            let w = v * v
            ((w * w) * w + w).backward()
            return judge.differs("with y = x * x, of y + (y * y) * y at x = 2, x.grad", x.grad, 196)
                ?? judge.differs("with y = x * x, of (y * y) * y + y at x = 2, x.grad", v.grad, 196)
        }
        judge.test("gradients of two passes add up") {
            let x = MiniTensor(2)
            (x * x).backward()
            (x * x).backward()
            return judge.differs("after two passes through x * x, x = 2, x.grad", x.grad, 8)
        }
        judge.test("random formulas, against small nudges") {
            var state: UInt64 = 7
            func next(_ count: UInt64) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int((state >> 33) % count)
            }
            for round in 1...20 {
                let steps = (0..<8).map { _ in (next(3), next(1000), next(1000)) }
                func run(_ x: Double, _ y: Double) -> (end: MiniTensor, x: MiniTensor, y: MiniTensor) {
                    let first = MiniTensor(x), second = MiniTensor(y)
                    var made = [first, second]
                    for (kind, i, j) in steps {
                        let a = made[i % made.count], b = made[j % made.count]
                        switch kind {
                        case 0: made.append(a + b)
                        case 1: made.append(a * b)
                        default: made.append((a * MiniTensor(0.5)).power(j % 3 + 1))
                        }
                    }
                    return (made.dropFirst(2).reduce(MiniTensor(0)) { $0 + $1 }, first, second)
                }
                let h = 1e-5
                let whole = run(0.75, -0.5)
                whole.end.backward()
                let byX = (run(0.75 + h, -0.5).end.value - run(0.75 - h, -0.5).end.value) / (2 * h)
                let byY = (run(0.75, -0.5 + h).end.value - run(0.75, -0.5 - h).end.value) / (2 * h)
                let wrong =
                    judge.differs("in formula \(round) x.grad", whole.x.grad, byX, tolerance: 1e-4)
                    ?? judge.differs("in formula \(round) y.grad", whole.y.grad, byY, tolerance: 1e-4)
                if let wrong { return wrong }
            }
            return nil
        }
        judge.test("sixty doublings: each tensor is visited once") {
            let x = MiniTensor(1)
            var sum = x
            for _ in 0..<60 { sum = sum + sum }
            sum.backward()
            return judge.differs("after sixty doublings x.grad", x.grad, 1_152_921_504_606_846_976)
        }
        judge.end()
        """#
}
