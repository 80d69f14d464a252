package arithmatex

import "strings"

// pairs reads "name character name character …".
func pairs(s string) map[string]string {
	f := strings.Fields(s)
	m := make(map[string]string, len(f)/2)
	for i := 0; i+1 < len(f); i += 2 {
		m[f[i]] = f[i+1]
	}
	return m
}

var letters = pairs(`alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ
	omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
	Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
	infty ∞ partial ∂ nabla ∇ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ emptyset ∅ varnothing ∅ imath ı jmath ȷ wp ℘ degree ° angle ∠ top ⊤ bot ⊥`)

var symbols = pairs(`sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀
	pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ cup ∪ cap ∩ setminus ∖ wedge ∧ vee ∨ land ∧ lor ∨ neg ¬ lnot ¬
	le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇
	mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ models ⊨ forall ∀ exists ∃ nexists ∄ therefore ∴ because ∵
	to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ implies ⇒ mapsto ↦ uparrow ↑ downarrow ↓ longrightarrow ⟶
	longleftarrow ⟵ gets ← ldots … cdots ⋯ vdots ⋮ ddots ⋱ dots … colon : prime ′ dagger † langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lbrace { rbrace } vert | Vert ‖
	{ { } } | ‖ % % # # & &amp; _ _ $ $ lt &lt; gt &gt; lVert ‖ rVert ‖ lvert | rvert | triangle △ square □ checkmark ✓`)

var largeOperators = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields("sum prod coprod bigcup bigcap bigoplus bigotimes bigvee bigwedge") {
		m[n] = true
	}
	return m
}()

var functions = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(`sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim limsup liminf max min sup inf arg argmax argmin
		det dim ker deg gcd hom mod Pr`) {
		m[n] = true
	}
	return m
}()

var accents = pairs("hat ^ widehat ^ bar ¯ overline ¯ vec → dot ˙ ddot ¨ tilde ~ widetilde ~ check ˇ acute ´ grave ` overbrace ⏞ overrightarrow →")

var spaces = map[string]string{",": "0.17em", ":": "0.22em", ";": "0.28em", "!": "-0.17em", " ": "0.33em", "quad": "1em", "qquad": "2em", "enspace": "0.5em", "thinspace": "0.17em"}

// alphabets are where Unicode has the letters A and a of a style.
var alphabets = map[string][2]rune{
	"mathbf": {0x1d400, 0x1d41a}, "boldsymbol": {0x1d468, 0x1d482}, "bm": {0x1d468, 0x1d482}, "mathbb": {0x1d538, 0x1d552}, "mathcal": {0x1d49c, 0x1d4b6},
	"mathscr": {0x1d49c, 0x1d4b6}, "mathfrak": {0x1d504, 0x1d51e}, "mathsf": {0x1d5a0, 0x1d5ba}, "mathtt": {0x1d670, 0x1d68a}, "mathit": {0x1d434, 0x1d44e},
}

// older are letters that Unicode had before it had the alphabets.
var older = map[rune]rune{
	0x1d53a: 'ℂ', 0x1d53f: 'ℍ', 0x1d545: 'ℕ', 0x1d547: 'ℙ', 0x1d548: 'ℚ', 0x1d549: 'ℝ', 0x1d551: 'ℤ', 0x1d49d: 'ℬ', 0x1d4a0: 'ℰ', 0x1d4a1: 'ℱ', 0x1d4a3: 'ℋ',
	0x1d4a4: 'ℐ', 0x1d4a7: 'ℒ', 0x1d4a8: 'ℳ', 0x1d4ad: 'ℛ', 0x1d506: 'ℭ', 0x1d50b: 'ℌ', 0x1d50c: 'ℑ', 0x1d515: 'ℜ', 0x1d51d: 'ℨ', 0x1d455: 'ℎ', 0x1d4ba: 'ℯ', 0x1d4bc: 'ℊ', 0x1d4c4: 'ℴ',
}

// styled returns letters in a style's alphabet; other characters stay.
func styled(style, s string) string {
	a := alphabets[style]
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			r = a[0] + r - 'A'
		case r >= 'a' && r <= 'z':
			r = a[1] + r - 'a'
		}
		if o, ok := older[r]; ok {
			return o
		}
		return r
	}, s)
}
