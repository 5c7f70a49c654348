import Testing

@testable import AdjointCore

/// Several views that one operation returns: one node, one gradient.
@Suite struct MultiViewTests {
    @Test func allPartsHaveOneNode() {
        let x = leaf([1, 2, 3, 4])
        let cases = [
            (x.unbind(), "UnbindBackward"), (x.chunk(2), "SplitBackward"),
            (x.split([1, 3]), "SplitBackward"),
        ]
        for (parts, name) in cases {
            #expect(parts[0].gradFn?.name == name)
            #expect(parts.allSatisfy { $0.gradFn === parts[0].gradFn })
            #expect(parts.map(\.outputNr) == Array(parts.indices))
            #expect(parts.allSatisfy { $0.isView })
        }
    }

    @Test func partsThatAreNotUsedGetZeros() {
        let x = leaf([1, 2, 3, 4, 5])
        let parts = x.split(2)
        (parts[2] * 3 + parts[0].sum()).sum().backward()
        #expect(values(x.grad) == [1, 1, 0, 0, 3])
        let y = leaf([1, 2, 3, 4], [2, 2])
        y.unbind(dim: 1)[1].backward(gradient: numbers([5, 6]))
        #expect(values(y.grad) == [0, 5, 0, 6])
        #expect(y.split(2, dim: 0).count == 1)
    }

    @Test func oneOfThemCannotBeWrittenAndTheErrorSaysWhich() {
        let x = leaf([1, 2, 3])
        let slices = (x * 1).unbind()
        expectError(.inPlace, "Output 1 of Unbind is a view", "multiple views") {
            slices[1].mul_(2)
        }
        let pieces = (x * 1).split(2)
        expectError(.inPlace, "Output 0 of Split is a view") { pieces[0].zero_() }
        expectError(.inPlace, "Output 0 of View is a view") { pieces[0].view(2, 1).zero_() }
        noGrad { _ = slices[1].mul_(2) }
        #expect(values(slices[1]) == [4])
    }

    @Test func aWriteToTheBaseReachesThem() {
        let x = leaf([1, 2, 3])
        let base = x * 1
        let parts = base.unbind()
        base.mul_(4)
        #expect(values(parts[2]) == [12])
        parts[2].backward()
        #expect(values(x.grad) == [0, 0, 4])
    }

    @Test func tangentsHooksAndSecondDerivativesPass() {
        let x = leaf([1, 2, 3])
        let parts = x.unbind()
        let cubes = (parts[0] ** 3 + parts[1] ** 3) * parts[2]
        let first = grad(of: cubes, wrt: x, createGraph: true)
        #expect(values(first) == [9, 36, 9])
        #expect(values(grad(of: first.sum(), wrt: x, retainGraph: true)) == [21, 48, 15])
        parts[1].retainGrad()
        cubes.backward()
        #expect(values(parts[1].grad) == [36])
        forwardMode { level in
            let dual = level.makeDual(numbers([1, 2, 3, 4]), tangent: numbers([5, 6, 7, 8]))
            let tangents = dual.chunk(2).map { values(level.unpackDual($0).tangent) }
            #expect(tangents == [[5, 6], [7, 8]])
        }
    }

    @Test func samplesOfABatchAreTakenApartTogether() {
        let x = numbers([1, 2, 3, 4, 5, 6], [2, 3])
        let f: (Tensor) -> Tensor = { row in
            let parts = row.unbind()
            return parts[0] * parts[2] + row.split([1, 2])[1].sum()
        }
        #expect(values(vmap(f)(x)) == [8, 35])
        #expect(values(vmap(grad(f))(x)) == [3, 1, 2, 6, 1, 5])
    }

    /// Where every part's gradient was switched off, so is the gradient of the whole.
    @Test func marksOfBranchesNotTakenPass() {
        let x = leaf([0, 0, 4])
        let parts = x.sqrt().unbind()
        let chosen = parts.map { Tensor.where(x.sum() .< 0, $0, 1.0) }
        Tensor.stack(chosen).sum().backward()
        #expect(values(x.grad) == [0, 0, 0])
    }

    @Test func afterAnErrorThereAreAsManyParts() {
        let x = leaf([1, 2, 3, 4], [2, 2])
        expectError(.shape) {
            let bad = x.matmul(numbers([1, 2, 3]))
            _ = bad.unbind()[0] + x.unbind(dim: 5)[1] + x.split([1, 1, 1])[2]
            _ = x.tensorSplit(4)[3] + x.hsplit(3)[2] + x.vsplit([1, 2, 3])[3]
        }
        #expect(Tensor.zeros([0, 2]).unbind().isEmpty)
        expectError(.index) { _ = Tensor(1.0).unbind() }
        expectError(.argument) { _ = Tensor.zeros([0]).chunk(.max) }
    }

    @Test func noGradAndInferenceLeaveThemWithoutHistory() {
        let x = leaf([1, 2])
        let (unrecorded, inferred) = (noGrad { x.unbind() }, inferenceMode { x.unbind() })
        #expect(unrecorded.allSatisfy { !$0.requiresGrad })
        #expect(inferred.allSatisfy { !$0.requiresGrad })
        expectError(.inPlace, "noGrad") { unrecorded[0].mul_(x[0]) }
        #expect(Tensor([1, 2]).unbind().allSatisfy { !$0.requiresGrad })
    }
}
