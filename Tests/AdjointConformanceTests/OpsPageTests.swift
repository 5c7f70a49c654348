import AdjointCore
import Foundation
import Testing

@Suite struct OpsPageTests {
    private var path: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Documentation/Ops.md").path
    }

    @Test("the page of operations is what the rooms say; make ops-page writes it")
    func isCurrent() throws {
        if ProcessInfo.processInfo.environment["ADJOINT_WRITE_DOCS"] != nil {
            try OpsPage.text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOfFile: path, encoding: .utf8)
        // The first line that differs says more than two whole pages.
        let lines = zip(written.split(separator: "\n"), OpsPage.text.split(separator: "\n"))
        let stale = lines.first { $0 != $1 }
        #expect(
            stale == nil && written == OpsPage.text,
            "run make ops-page; first stale line: \(stale?.0 ?? "")")
    }

    @Test("every operation says its formula, and its derivative where it has one")
    func isComplete() {
        for type in RollCall.all {
            #expect(!type.info.formula.isEmpty, "\(type)")
            if type.differentiability == .smooth {
                #expect(!type.info.derivative.isEmpty, "\(type)")
            }
        }
    }
}
