# Run by fish in Espera's shell after the learner's own configuration.
source "$ESPERA_START/env.fish"
functions --erase aws output api espera
