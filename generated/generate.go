// Package generated holds the packages made from the specs of the project.
package generated

//go:generate go run ../cmd/aegen gen -o anomaly ../specs/anomaly.ae
//go:generate go run ../cmd/aegen gen -o contractive ../specs/contractive.ae
//go:generate go run ../cmd/aegen gen -o contractive_deep ../specs/contractive_deep.ae
//go:generate go run ../cmd/aegen gen -o classifier ../specs/classifier.ae
//go:generate go run ../cmd/aegen gen -o bernoulli_code ../specs/bernoulli_code.ae
//go:generate go run ../cmd/aegen gen -o conv ../specs/conv.ae
//go:generate go run ../cmd/aegen gen -o conv1d ../specs/conv1d.ae
//go:generate go run ../cmd/aegen gen -o convvae ../specs/convvae.ae
//go:generate go run ../cmd/aegen gen -o counts ../specs/counts.ae
//go:generate go run ../cmd/aegen gen -o denoising ../specs/denoising.ae
//go:generate go run ../cmd/aegen gen -o digits ../specs/digits.ae
//go:generate go run ../cmd/aegen gen -o dropout ../specs/dropout.ae
//go:generate go run ../cmd/aegen gen -o fashion ../specs/fashion.ae
//go:generate go run ../cmd/aegen gen -o hinton ../specs/hinton.ae
//go:generate go run ../cmd/aegen gen -o masks ../specs/masks.ae
//go:generate go run ../cmd/aegen gen -o pca ../specs/pca.ae
//go:generate go run ../cmd/aegen gen -o probe ../specs/probe.ae
//go:generate go run ../cmd/aegen gen -o sae ../specs/sae.ae
//go:generate go run ../cmd/aegen gen -o segnet ../specs/segnet.ae
//go:generate go run ../cmd/aegen gen -o sparse_kl ../specs/sparse_kl.ae
//go:generate go run ../cmd/aegen gen -o sparse_l1 ../specs/sparse_l1.ae
//go:generate go run ../cmd/aegen gen -o stacked ../specs/stacked.ae
//go:generate go run ../cmd/aegen gen -o tabular ../specs/tabular.ae
//go:generate go run ../cmd/aegen gen -o unet ../specs/unet.ae
//go:generate go run ../cmd/aegen gen -o vae ../specs/vae.ae
//go:generate go run ../cmd/aegen gen -o vib ../specs/vib.ae
//go:generate go run ../cmd/aegen gen -o vqvae ../specs/vqvae.ae
