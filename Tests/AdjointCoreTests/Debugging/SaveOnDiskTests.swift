import Foundation
import Testing

@testable import AdjointCore

@Suite struct SaveOnDiskTests {
    @Test("Saved tensors lie in files until backward, with the same gradients, and leave no file")
    func files() throws {
        let folder = NSTemporaryDirectory() + "adjoint-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func count() -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? -1
        }
        let x = leaf((0..<1000).map { Double($0) / 500 })
        let z = leaf((0..<1000).map { Double($0) / 500 })
        var y: Tensor? = try saveOnDisk(folder) { (x.sin() * x).exp().t().sum() }
        #expect(count() >= 3)
        #expect(y!.graph().memory().total == 0)
        y!.backward()
        #expect(count() == 0)
        (z.sin() * z).exp().sum().backward()
        #expect(values(x.grad) == values(z.grad))
        y = try saveOnDisk(folder) { x.exp().sum() }
        #expect(count() == 1)
        y = nil
        #expect(count() == 0)
    }

    @Test("Small tensors stay in memory; a folder that cannot be made is a typed error")
    func edges() throws {
        let x = leaf([1, 2])
        let y = try saveOnDisk(NSTemporaryDirectory()) { x.exp() }
        y.sum().backward()
        #expect(values(x.grad) == values(y))
        #expect(throws: TensorError.self) { try saveOnDisk("/proc/none/of/this") { x.exp() } }
    }
}
