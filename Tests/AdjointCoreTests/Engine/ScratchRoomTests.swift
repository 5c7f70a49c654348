import AdjointTesting
import Testing

@testable import AdjointCore

/// One number, expanded to more elements than any memory holds, is a tensor like others until a
/// kernel has to write it out: that is an error, and not the end of the process.
@Suite struct ScratchRoomTests {
    private let size = 1 << 40
    private let huge = Tensor([1.0]).expand([1 << 40])
    private let whole = Tensor([0]).expand([1 << 40])
    private let truth = Tensor([true]).expand([1 << 40])

    private func refuses(_ calls: [(String, () -> Void)]) {
        for (name, call) in calls {
            let error = tensorError(call)
            #expect(error?.kind == .argument, "\(name): \(String(describing: error))")
            #expect(error?.message.contains("\(size)") == true, "\(name): \(error?.message ?? "")")
        }
    }

    @Test("reductions to a number, or to a few")
    func reductions() {
        refuses([
            ("norm", { _ = huge.norm() }), ("norm 1", { _ = huge.norm(1, dim: 0) }),
            ("sum", { _ = huge.sum() }), ("sum in float64", { _ = huge.sum(dtype: .float64) }),
            ("prod", { _ = huge.prod() }), ("mean", { _ = huge.mean() }),
            ("max", { _ = huge.max() }), ("max along", { _ = huge.max(dim: 0) }),
            ("argmax", { _ = huge.argmax() }), ("std", { _ = huge.std() }),
            ("logSumExp", { _ = huge.logSumExp(dim: 0) }), ("any", { _ = truth.any() }),
            ("countNonzero", { _ = whole.countNonzero() }), ("median", { _ = huge.median() }),
            ("median along", { _ = huge.median(dim: 0) }), ("nanmedian", { _ = huge.nanmedian() }),
            ("mode", { _ = huge.mode() }), ("topk", { _ = huge.topk(3) }),
        ])
    }

    @Test("positions, and elements at positions")
    func positions() {
        let line = Tensor.zeros([4])
        refuses([
            ("nonzero", { _ = whole.nonzero() }),
            ("searchsorted", { _ = huge.searchsorted(Tensor([0.5])) }),
            ("gather", { _ = huge.gather(dim: 0, index: Tensor([3])) }),
            ("indexSelect", { _ = huge.indexSelect(dim: 0, index: Tensor([3])) }),
            ("indexAdd", { _ = line.indexAdd(dim: 0, index: whole, src: huge) }),
            ("scatterAdd", { _ = line.scatterAdd(dim: 0, index: whole, src: huge) }),
            ("bincount", { _ = whole.bincount() }),
            ("maskedSelect", { _ = huge.maskedSelect(truth) }),
            ("maskedScatter_", { huge.detach().maskedScatter_(truth, huge) }),
            ("tensorSplit", { _ = line.tensorSplit(whole) }),
            ("repeatInterleave", { _ = huge.repeatInterleave(whole, dim: 0) }),
        ])
    }

    @Test("products, distances and pools")
    func products() {
        let column = Tensor([1.0]).expand([size, 1])
        let plane = Tensor([1.0]).expand([1, 1, size])
        refuses([
            ("matmul", { _ = huge.matmul(column) }),
            ("dot", { _ = huge.dot(huge) }),
            ("cosineSimilarity", { _ = cosineSimilarity(huge, huge, dim: 0) }),
            ("pdist", { _ = pdist(column) }),
            ("adaptiveAvgPool1d", { _ = adaptiveAvgPool1d(plane, 2) }),
            ("adaptiveMaxPool1d", { _ = adaptiveMaxPool1d(plane, 2) }),
        ])
    }

    @Test("lists of the elements")
    func lists() {
        refuses([
            ("array", { _ = huge.array(as: Float.self) }),
            ("withUnsafeBuffer", { huge.withUnsafeBuffer(of: Float.self) { _ in } }),
            ("withRawBytes", { huge.withRawBytes { _ in } }),
        ])
    }

    @Test("a tensor prints, however large it is")
    func text() {
        let view = Tensor([1.0]).expand([8, size])
        #expect("\(view)" == "\(Tensor.ones([8, 2000]))")
        #expect(tensorError { _ = view.description } == nil)
    }

    @Test("what was to be written in place is as it was")
    func inPlace() {
        let line = Tensor([1.0, 2])
        let error = tensorError { line.indexAdd_(dim: 0, index: whole, src: huge) }
        #expect(error?.operation == "indexAdd_")
        #expect(line.array(as: Double.self) == [1, 2])
    }

    #if !os(iOS)
        @Test("the limit counts for working copies too, and leaves nothing behind")
        func limit() async {
            await #expect(processExitsWith: .success) {
                let view = Tensor([1.0]).expand([1 << 22])
                TensorMemory.limit(to: 1 << 23)
                do {
                    _ = try catchingTensorErrors { view.norm().item(as: Double.self) }
                    Issue.record("a copy of sixteen megabytes found room in eight")
                } catch {
                    #expect("\(error)".hasPrefix("norm: a working copy of shape [4194304]"))
                }
                TensorMemory.limit(to: nil)
                #expect(view.norm().item(as: Double.self) == 2048)
            }
        }
    #endif
}
