import AdjointCore
import AdjointTesting
import Foundation
import Testing

/// The page on adding an operation shows a room that compiles and passes every sweep.
@Suite struct AddingAnOpTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Snippet.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func theRoomOfThePageIsTheOneHere() throws {
        let page = try text("Documentation/AddingAnOp.md")
        let room = try text("Tests/SnippetTests/Gaussian.swift")
            .replacingOccurrences(of: "public import AdjointCore\n\n", with: "")
        #expect(page.contains("```swift\n\(room)```"))
    }

    @Test func theRoomPassesEverySweep() {
        let findings = checkOperator(Gaussian.self)
        #expect(findings.isEmpty, "\(findings)")
    }

    @Test func theRollCallReadsAsThePageSays() throws {
        let rollCall = try text("Sources/AdjointCore/Operators/RollCall.swift")
        #expect(rollCall.contains("static let pointwise: [any AnyOperator.Type] = ["))
        #expect(rollCall.contains("        Frac.self,\n"))
    }

    @Test func itIsAnOperationLikeOthers() {
        let x = Tensor([-1.0, 0.0, 0.5], dtype: .float64, requiresGrad: true)
        let y = x.gaussian()
        #expect(y.gradFn?.name == "GaussianBackward")
        let slope = grad(of: y.sum(), wrt: x, createGraph: true)
        let curvature = grad(of: slope.sum(), wrt: x).array(as: Double.self)
        // (4x² - 2) e^(-x²)
        for (x, found) in zip([-1.0, 0.0, 0.5], curvature) {
            #expect(abs(found - (4 * x * x - 2) * exp(-x * x)) < 1e-12)
        }
    }
}
